"""Shares of variance: what groups explain, and what they explain by chance."""

import numpy as np
import pytest

from milan.correlation import explained_by
from milan.errors import DataError

RNG = np.random.default_rng(0)


def test_a_unit_that_counts_positions_is_explained_by_them_and_noise_is_not() -> None:
    positions = np.arange(600) % 9
    units = np.stack([positions + 0.1 * RNG.normal(size=600), RNG.normal(size=600), np.ones(600)], 1)
    found = explained_by(units, positions)
    assert found.share[0] > 0.99
    assert abs(found.adjusted[1]) < 0.03
    assert found.share[2] == found.adjusted[2] == 0


def test_the_share_is_one_less_the_variance_within_groups() -> None:
    groups, unit = RNG.integers(0, 5, 200), RNG.normal(size=(200, 1))
    within = sum(unit[groups == g].var() * (groups == g).sum() for g in range(5)) / 200
    assert explained_by(unit, groups).share[0] == pytest.approx(1 - within / unit.var())


def test_many_small_groups_explain_noise_only_without_the_adjustment() -> None:
    found = explained_by(RNG.normal(size=(900, 20)), np.arange(900) // 3)
    assert found.share.mean() > 0.3
    assert abs(found.adjusted.mean()) < 0.03


def test_a_word_seen_once_explains_nothing() -> None:
    unit = RNG.normal(size=(100, 1))
    groups = np.r_[np.zeros(40), np.ones(40), np.arange(2, 22)].astype(int)
    assert explained_by(unit, groups).share == pytest.approx(explained_by(unit[:80], groups[:80]).share)


def test_an_offset_costs_no_digits() -> None:
    groups, unit = np.arange(300) % 4, RNG.normal(size=(300, 2))
    assert explained_by(unit + 1e6, groups).share == pytest.approx(explained_by(unit, groups).share, abs=1e-6)


def test_groups_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(DataError, match="1 groups of 2 words or more"):
        explained_by(np.ones((10, 1)), np.zeros(10, np.int64))
    with pytest.raises(DataError, match="10 words of activations, 9 of groups"):
        explained_by(np.ones((10, 1)), np.zeros(9, np.int64))


def test_words_of_no_group_are_left_out() -> None:
    rng = np.random.default_rng(0)
    matrix, groups = rng.normal(size=(60, 3)), rng.integers(0, 4, 60)
    marked = np.where(np.arange(60) < 40, groups, -1)
    np.testing.assert_allclose(
        explained_by(matrix, marked).adjusted, explained_by(matrix[:40], groups[:40]).adjusted
    )
