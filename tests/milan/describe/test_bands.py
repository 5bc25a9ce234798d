"""Levels of activation, held against units made of known phrases."""

import numpy as np
import pytest

from milan.describe.bands import find_bands
from milan.describe.explanation import Sides, Split

PHRASES = tuple(f"phrase {number}" for number in range(40))
N = 2000
VALIDATION = np.random.default_rng(9).random(N) < 0.25


def split(columns: np.ndarray) -> Split:
    return Split.of(Sides.of(columns, columns), VALIDATION)


@pytest.fixture
def graded() -> tuple[np.ndarray, np.ndarray]:
    """Images in the order of a unit's activation: the strongest show phrase 0, then 1, then 2, then noise."""
    presence = np.random.default_rng(0).random((N, len(PHRASES))).astype(np.float32)
    share = np.arange(N)[::-1] / N
    for phrase, (low, high) in enumerate([(0.98, 1.0), (0.9, 0.98), (0.7, 0.9)]):
        presence[(share >= low) & (share < high), phrase] += 1.5
    return presence, share[:, None].astype(np.float32)


def test_each_level_is_told_by_what_sets_it_apart_from_weaker_images(
    graded: tuple[np.ndarray, np.ndarray],
) -> None:
    (bands,) = find_bands(PHRASES, *map(split, graded))
    assert [(band.low, band.high, band.phrase) for band in bands] == [
        (0.98, 1.0, "phrase 0"),
        (0.9, 0.98, "phrase 1"),
        (0.7, 0.9, "phrase 2"),
    ]
    assert all(band.difference > 1 for band in bands)


def test_levels_of_noise_are_seldom_told_apart() -> None:
    random = np.random.default_rng(3)
    shown, activations = (random.random((N, n)).astype(np.float32) for n in (len(PHRASES), 60))
    found = find_bands(PHRASES, split(shown), split(activations))
    assert sum(len(bands) for bands in found) < 0.08 * 3 * 60


def test_images_in_which_a_unit_is_silent_are_no_level(graded: tuple[np.ndarray, np.ndarray]) -> None:
    shown, activations = graded
    silent = np.where(activations < 0.95, 0, activations).astype(np.float32)
    (bands,) = find_bands(PHRASES, split(shown), split(silent))
    assert [band.phrase for band in bands] == ["phrase 0", "phrase 1"]


def test_a_unit_does_not_change_what_is_said_of_its_neighbours(
    graded: tuple[np.ndarray, np.ndarray],
) -> None:
    shown, activations = graded
    both = np.concatenate([activations[::-1], activations], axis=1)
    alone = find_bands(PHRASES, split(shown), split(activations))
    assert find_bands(PHRASES, split(shown), split(both))[1:] == alone
