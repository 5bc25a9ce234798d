"""The order by mass is the published loop's, without its flaws."""

import numpy as np
import pytest

from milan.errors import BadSetting
from milan.probes import entry_levels, rank_by_mass, rank_by_strongest, units_at_mass

RNG = np.random.default_rng(0)


def published_top(weights: np.ndarray, share: float) -> set[int]:
    """The units that make up a share of any class's weight, fewest first, as the paper's loop takes them."""
    chosen: set[int] = set()
    for row in np.abs(weights):
        order = np.argsort(-row, kind="stable")
        reached = 0.0
        for unit in order:
            if reached >= share * row.sum() - 1e-12:
                break
            chosen.add(int(unit))
            reached += row[unit]
    return chosen


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.5, 0.99])
def test_the_first_places_are_the_units_of_the_published_loop_at_every_share(share: float) -> None:
    weights = RNG.normal(size=(5, 40)) ** 3
    expected = published_top(weights, share)
    assert set(rank_by_mass(weights).order[: len(expected)].tolist()) == expected


def test_the_unit_that_crosses_the_line_belongs_to_the_share() -> None:
    weights = np.array([[4.0, 3, 2, 1]])
    assert [units.tolist() for units in units_at_mass(weights, 0.4)] == [[0]]
    assert [units.tolist() for units in units_at_mass(weights, 0.41)] == [[0, 1]]
    assert [units.tolist() for units in units_at_mass(weights, 1)] == [[0, 1, 2, 3]]
    with pytest.raises(BadSetting, match="lies in 0 to 1, got 0"):
        units_at_mass(weights, 0)


def test_units_without_weight_come_last_and_a_class_without_weights_adds_nobody() -> None:
    weights = np.zeros((3, 6))
    weights[0, 4], weights[0, 2], weights[1, 5] = 2, -1, 0.1
    found = rank_by_mass(weights)
    assert found.n_ranked == 3
    assert found.order.tolist() == [5, 4, 2, 0, 1, 3]
    assert found.places.tolist() == [3, 4, 2, 5, 1, 0]
    assert np.isinf(entry_levels(weights)[2]).all()
    near = np.array([0.1, 0.9, 0, 0.5, 0, 0])
    assert rank_by_mass(weights, rest=near).order.tolist() == [5, 4, 2, 1, 3, 0]


def test_a_class_that_is_left_out_puts_no_unit_first() -> None:
    weights = np.array([[0.0, 5, 1], [1e-3, 0, 0]])
    assert rank_by_mass(weights).order[0] in (0, 1)
    found = rank_by_mass(weights, np.array([True, False]))
    assert (found.order.tolist(), found.n_ranked) == ([1, 2, 0], 2)
    assert rank_by_mass(weights, np.array([False, False])).n_ranked == 0


def test_a_class_counts_by_shares_of_its_own_weight() -> None:
    weights = RNG.random((3, 20))
    assert np.array_equal(rank_by_mass(weights).order, rank_by_mass(weights * [[1], [100], [0.01]]).order)


def test_the_strongest_score_for_any_class_orders_units() -> None:
    found = rank_by_strongest(np.array([[0.0, 3, 1, 0], [2, 0, 0, 0]]))
    assert (found.order.tolist(), found.n_ranked) == ([1, 0, 2, 3], 3)
