"""Phrases that say where something is."""

import numpy as np

from captioner.protocols import Picture
from milan.describe import Presence, Voice, read_patches
from milan.describe.halves import HALVES, Placed, in_halves, placed


def view(path: str) -> Picture:
    """Blue; `left` is red on the left."""
    picture = np.zeros((56, 56, 3), np.uint8)
    picture[..., 2] = 200
    if path == "left":
        picture[:, :20] = (200, 0, 0)
    return picture


def test_a_phrase_is_taken_apart_only_when_it_places_a_known_one() -> None:
    assert placed("a dog on the left", {"a dog"}) == Placed("a dog", "on the left")
    assert placed("a horse on the left", {"a dog"}) is None
    assert placed("a dog", {"a dog"}) is None
    assert all(placed(phrase, {"a dog"}) is not None for phrase in in_halves("a dog"))


def test_halves_are_opposite_and_leave_the_middle_out() -> None:
    left, right, top, bottom = HALVES.values()
    assert not (left & right).any()
    assert not (top & bottom).any()
    assert left.sum() == right.sum() == top.sum() == bottom.sum() == 21


def test_something_on_the_left_is_present_where_it_is_on_the_left(voice: Voice) -> None:
    presence = Presence(read_patches(["left", "none"], view, voice.encoder), voice.encoder, voice.bank)
    shown = presence.of(["red paint on the left", "red paint on the right", "red paint"])
    assert shown.mean[0, 0] > shown.mean[0, 2] > shown.mean[0, 1]
    assert shown.peak[0, 1] < 0.2
    assert shown.mean[1].max() < 0.2
