"""Classifiers of pictures by class: reading, training, being right."""

import numpy as np
import pytest
import torch
from PIL import Image

from milan.errors import DataError
from milan.scenes.classifier import accuracy, read_folder, train_classifier

CLASSES = ("dark", "light")


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for number, name in enumerate(CLASSES):
        (tmp_path / name).mkdir()
        for i in range(64):
            grey = rng.integers(120 * number, 120 * number + 60, (32, 32, 3), np.uint8)
            Image.fromarray(grey).save(tmp_path / name / f"{i:02d}.png")
    return tmp_path


def test_it_learns_what_its_pictures_show(folder):
    known = read_folder(folder, CLASSES)
    assert np.bincount(known.classes).tolist() == [64, 64]
    assert accuracy(train_classifier(known, 2, seed=0, n_epochs=4), known) == 1


def test_the_same_seed_gives_the_same_weights(folder):
    known = read_folder(folder, CLASSES)
    first, second = (train_classifier(known, 2, seed=5, n_epochs=1).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_folder_without_a_class_is_refused(folder):
    with pytest.raises(DataError, match="no pictures of grey"):
        read_folder(folder, (*CLASSES, "grey"))
