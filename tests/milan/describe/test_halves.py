"""Phrases that say where something is."""

import numpy as np
import pytest

from captioner.protocols import Picture
from milan.describe import Presence, Voice, read_patches
from milan.describe.halves import HALVES, Centres, Placed, in_halves, placed, side_of_thing


def view(path: str) -> Picture:
    """Blue; `left` is red on the left."""
    picture = np.zeros((56, 56, 3), np.uint8)
    picture[..., 2] = 200
    if path == "left":
        picture[:, :20] = (200, 0, 0)
    return picture


def test_a_phrase_is_taken_apart_only_when_it_places_a_known_one() -> None:
    assert placed("a dog on the left", {"a dog"}) == Placed("a dog", "on the left")
    assert placed("the top half of a dog", {"a dog"}) == Placed("a dog", None)
    assert placed("a horse on the left", {"a dog"}) is None
    assert placed("a dog", {"a dog"}) is None
    assert all(placed(phrase, {"a dog"}) is not None for phrase in in_halves("a dog"))


def test_every_picture_lies_in_one_of_two_opposite_halves() -> None:
    places = np.array([[0.1], [0.5], [0.9]], np.float32)
    centres = Centres(across=places, down=places)
    for half, opposite in HALVES.items():
        assert HALVES[opposite] == half
        assert (centres.within(half) ^ centres.within(opposite)).all()
    assert centres.within("on the left")[:, 0].tolist() == [True, False, False]
    assert centres.within("at the bottom")[:, 0].tolist() == [False, True, True]


@pytest.fixture
def presence(voice: Voice) -> Presence:
    return Presence(read_patches(["left", "none"], view, voice.encoder), voice.encoder, voice.bank)


def test_something_on_the_left_is_as_present_as_the_thing_where_it_lies_on_the_left(
    presence: Presence,
) -> None:
    shown = presence.of(["red paint on the left", "red paint on the right", "red paint"])
    assert shown.mean[0, 0] == shown.mean[0, 2] > 0.2
    assert shown.peak[0, 0] == shown.peak[0, 2]
    assert shown.mean[0, 1] == shown.peak[0, 1] == 0
    assert shown.mean[1].max() < 0.2


def test_half_of_a_thing_is_as_present_as_the_thing(presence: Presence) -> None:
    shown = presence.of(["the left half of red paint", "red paint"])
    np.testing.assert_array_equal(shown.mean[:, 0], shown.mean[:, 1])
    np.testing.assert_array_equal(shown.peak[:, 0], shown.peak[:, 1])


@pytest.mark.parametrize("phrase", ["clouds", "the sky", "the mane of a horse", "a horse in front of a barn"])
def test_only_single_things_have_halves(phrase: str) -> None:
    assert side_of_thing(phrase, "left") is None
