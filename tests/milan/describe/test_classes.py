"""Pictures are named by the explainer's own classifier, where it has one that we know."""

import numpy as np
import pytest

import milan.describe.classes as room
from captioner.classes import class_names
from captioner.protocols import Features, Masks, Picture
from milan.describe import name_pictures


class Backbone:
    """Finds the class whose number is the picture's brightness."""

    pools = True

    def read(self, pictures: list[Picture], masks: list[Masks]) -> list[Features]:
        assert [mask.shape[0] for mask in masks] == [1]
        return [np.array([[picture.mean()]], np.float32) for picture in pictures]

    def class_chances(self, features: Features) -> np.ndarray:
        return np.eye(1000, dtype=np.float32)[features[:, 0].astype(int)]


def picture_of(path: str) -> Picture:
    return np.full((4, 4, 3), int(path), np.uint8)


def test_each_picture_gets_the_likeliest_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "open_backbone", lambda name: Backbone())
    found = name_pictures("lite1", ["0", "207"], picture_of)
    assert found == {"0": class_names()[0], "207": class_names()[207]}


def test_an_encoder_that_does_not_ship_names_nothing() -> None:
    assert name_pictures("hf:clip", ["0"], picture_of) is None
