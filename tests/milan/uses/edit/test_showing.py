import numpy as np
import pytest

from milan.errors import DataError
from milan.uses.edit.showing import shows_concept

SHOWN = np.arange(60) % 6 == 0
"""One image in six."""


def test_images_that_drive_most_candidates_show_the_concept_however_units_are_scaled() -> None:
    rng = np.random.default_rng(0)
    peaks = rng.normal(0, 0.15, (60, 5)) + SHOWN[:, None] * [1, 1, 1, 1, 0]  # the last is described wrongly
    shown = shows_concept((peaks * [1, 100, 0.01, 1, 1000]).astype(np.float32))
    assert shown.tolist() == SHOWN.tolist()


def test_a_unit_that_never_changes_says_nothing() -> None:
    peaks = np.stack([SHOWN, np.full(60, 7.0)], axis=1).astype(np.float32)
    assert shows_concept(peaks).tolist() == SHOWN.tolist()


def test_candidates_that_all_images_drive_alike_are_told() -> None:
    with pytest.raises(DataError, match="the 2 candidates respond alike to all 60 validation images"):
        shows_concept(np.ones((60, 2), np.float32))


def test_candidates_of_opposite_responses_tell_no_image_apart() -> None:
    either = np.random.default_rng(0).normal(size=60)
    with pytest.raises(DataError, match="respond alike"):
        shows_concept(np.stack([either, -either], axis=1).astype(np.float32))
