"""The networks that learn with faces and without: training, files, what ships."""

import json

import pytest
import torch

from milan.networks import open_network
from milan.records.files import shipped_file
from milan.scenes.classifier import accuracy, read_folder
from milan.scenes.faces import CLASSES, SIZE
from milan.scenes.faces.folders import MANNERS, Sizes, write_folders
from milan.scenes.faces.train import train_twins

SPEC = "milan.scenes.faces.network:faces_classifier"


def test_twins_are_trained_from_the_same_start_and_say_what_they_saw(tmp_path):
    write_folders(tmp_path, 202, Sizes(train=8, described=1, test=1))
    train_twins(tmp_path, tmp_path / "networks", seed=202, n_epochs=1)
    cards = [json.loads((tmp_path / "networks" / manner / "card.json").read_text()) for manner in MANNERS]
    assert [card["outputs"] for card in cards] == [list(CLASSES)] * 2
    assert len({card["what"] for card in cards}) == 2
    opened = {
        manner: open_network(
            SPEC, weights=tmp_path / "networks" / manner / "model.safetensors", size=(SIZE, SIZE)
        )
        for manner in MANNERS
    }
    first, second = (opened[manner].module.state_dict()["stages.0.0.weight"] for manner in MANNERS)
    assert 0 < float((first - second).abs().max()) < 0.1
    assert torch.isfinite(first).all()


@pytest.mark.parametrize("manner", MANNERS)
def test_each_shipped_network_is_right_on_pictures_like_those_it_learnt_from(manner, tmp_path):
    write_folders(tmp_path, 203, Sizes(train=1, described=1, test=8))
    weights = shipped_file(f"experiments/faces/seed-0/{manner}/model.safetensors")
    network = open_network(SPEC, weights=weights, size=(SIZE, SIZE)).module
    assert weights.stat().st_size < 1_000_000
    assert accuracy(network, read_folder(tmp_path / "test" / manner, CLASSES)) > 0.6
