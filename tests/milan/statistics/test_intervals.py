"""Figures over units carry honest intervals."""

import numpy as np
import pytest

from milan.statistics import average, mean_figure, separation


def test_an_average_lies_inside_its_interval_and_of_no_units_there_is_none() -> None:
    figure = average([0.0, 1.0, 1.0, 1.0])
    assert figure.value == 0.75
    assert figure.low < figure.value < figure.high
    assert mean_figure([]) is None


def test_groups_that_do_not_overlap_are_fully_separated() -> None:
    high, low = np.arange(10, 20.0), np.arange(10.0)
    assert separation(high, low) == (1.0, 1.0, 1.0)
    assert separation(low, high) == (0.0, 0.0, 0.0)


def test_equal_values_separate_like_chance() -> None:
    assert separation(np.ones(5), np.ones(7)).value == 0.5


def test_separation_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    right, wrong = rng.normal(0.5, 1, 40), rng.normal(0, 1, 60)
    pairs = float((right[:, None] > wrong[None]).mean())
    figure = separation(right, wrong)
    assert figure.value == pytest.approx(pairs)
    assert figure.low < figure.value < figure.high
