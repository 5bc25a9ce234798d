"""The classifier with a shortcut: training, files, opening."""

import json
from pathlib import Path

import numpy as np

from milan.networks import open_network
from milan.scenes.classifier import accuracy, network_input, read_folder, train_classifier
from milan.scenes.shortcut import CLASSES, SIZE
from milan.scenes.shortcut.folders import Sizes, write_folders
from milan.scenes.shortcut.train import save


def test_it_learns_its_pictures_and_opens_from_the_file_it_is_saved_in(tmp_path: Path) -> None:
    write_folders(tmp_path, 100, Sizes(train=8, validation=2, clean_validation=1, test=1))
    known = read_folder(tmp_path / "train", CLASSES)
    assert np.bincount(known.classes).tolist() == [8] * len(CLASSES)
    network = train_classifier(known, len(CLASSES), seed=100, n_epochs=2)
    save(network, {"train": accuracy(network, known)}, {"seed": 100}, tmp_path / "network")
    card = json.loads((tmp_path / "network" / "card.json").read_text())
    assert card["outputs"] == list(CLASSES)
    opened = open_network(
        "milan.scenes.shortcut.network:shortcut_classifier",
        weights=tmp_path / "network" / "model.safetensors",
        size=(SIZE, SIZE),
    )
    same = opened.module(network_input(known.pictures[:4]))
    np.testing.assert_allclose(
        same.numpy(), network(network_input(known.pictures[:4])).detach().numpy(), atol=0.05
    )  # half precision
