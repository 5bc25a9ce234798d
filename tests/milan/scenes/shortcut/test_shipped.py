"""The classifier that ships took its shortcut."""

from pathlib import Path

from milan.networks import open_network
from milan.records.files import shipped_file
from milan.scenes.classifier import accuracy, read_folder
from milan.scenes.shortcut import CLASSES, SIZE
from milan.scenes.shortcut.folders import Sizes, write_folders


def test_a_wrong_name_in_the_corner_misleads_the_shipped_network(tmp_path: Path) -> None:
    write_folders(tmp_path, 102, Sizes(train=2, validation=2, clean_validation=1, test=12))
    network = open_network(
        "milan.scenes.shortcut.network:shortcut_classifier",
        weights=shipped_file("experiments/shortcut/seed-0/model.safetensors"),
        size=(SIZE, SIZE),
    ).module
    clean = accuracy(network, read_folder(tmp_path / "clean-test", CLASSES))
    adversarial = accuracy(network, read_folder(tmp_path / "adversarial-test", CLASSES))
    assert clean > 0.75
    assert clean - adversarial > 0.15
