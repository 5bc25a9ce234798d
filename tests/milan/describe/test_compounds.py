"""Phrases that say where something is, or what is there beside it."""

import numpy as np

from captioner.protocols import Picture
from milan.describe import Presence, Voice, read_patches
from milan.describe.compounds import Beside, Placed, compounds_of, parse

KNOWN = {"a dog", "a cat", "salt", "salt and pepper", "bread"}


def view(path: str) -> Picture:
    """Blue; `left` and `both` are red on the left, `both` green on the right."""
    picture = np.zeros((56, 56, 3), np.uint8)
    picture[..., 2] = 200
    if path in ("left", "both"):
        picture[:, :20] = (200, 0, 0)
    if path == "both":
        picture[:, -20:] = (0, 200, 0)
    return picture


def test_a_phrase_is_taken_apart_only_into_known_ones() -> None:
    assert parse("a dog and a cat", KNOWN) == Beside("a dog", "a cat")
    assert parse("salt and pepper and bread", KNOWN) == Beside("salt and pepper", "bread")
    assert parse("a dog on the left", KNOWN) == Placed("a dog", "on the left")
    assert parse("a horse on the left", KNOWN) is None
    assert parse("a black and white dog", KNOWN) is None


def test_something_on_the_left_is_present_where_it_is_on_the_left(voice: Voice) -> None:
    presence = Presence(read_patches(["left", "none"], view, voice.encoder), voice.encoder, voice.bank)
    shown = presence.of(["red paint on the left", "red paint on the right", "red paint"])
    assert shown.mean[0, 0] > shown.mean[0, 2] > shown.mean[0, 1]
    assert shown.peak[0, 1] < 0.2
    assert shown.mean[1].max() < 0.2


def test_two_things_are_present_where_both_are(voice: Voice) -> None:
    presence = Presence(read_patches(["left", "both"], view, voice.encoder), voice.encoder, voice.bank)
    shown = presence.of(["red paint and green paint", "red paint"])
    assert shown.peak[1, 0] > 0.8
    assert shown.peak[0, 0] < 0.2 < shown.peak[0, 1]


def test_halves_and_pairs_of_the_best_phrases_are_tried_once_each() -> None:
    found = compounds_of(["a dog", "a cat", "bread"], ["a dog", "a cat", "bread"])
    assert len(found) == len(set(found)) == 2 * 4 + 3
    assert "a dog at the top" in found
    assert "a dog and a cat" in found
    assert "a cat and a dog" not in found
