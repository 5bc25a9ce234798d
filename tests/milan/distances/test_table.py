"""Distances count what they should, and say what chance would count."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from jaxtyping import Float32, Int64

from milan.distances import Decisions, DistanceTable, Pair, distance_table, find_pairs, hellinger
from milan.errors import BadSetting, DataError

N = 6000
Text = tuple[
    Float32[np.ndarray, "position unit"], Int64[np.ndarray, " position"], Int64[np.ndarray, " position"]
]


@pytest.fixture(scope="module")
def text() -> Text:
    """Four inputs with three outputs each; unit 2 is higher where input 1 becomes 4, unit 4 never changes."""
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 4, N)
    outputs = inputs * 3 + rng.integers(0, 3, N)
    activations = rng.normal(size=(N, 5)).astype(np.float32)
    activations[:, 2] += 2 * (outputs == 4)
    activations[:, 4] = 1
    return activations, inputs, outputs


def decisions_of(text: Text, pairs: Sequence[Pair]) -> Decisions:
    return Decisions.of(text[1], text[2], pairs)


@pytest.fixture(scope="module")
def table(text: Text) -> DistanceTable:
    return distance_table(text[0], decisions_of(text, find_pairs(text[1], text[2])), repeats=9)


def test_every_entry_is_the_distance_of_two_plain_histograms(text: Text, table: DistanceTable) -> None:
    activations, inputs, outputs = text
    for number, (given, wanted) in enumerate(table.pairs):
        own, other = (inputs == given) & (outputs == wanted), (inputs == given) & (outputs != wanted)
        assert (table.n_is[number], table.n_other[number]) == (own.sum(), other.sum())
        for unit in range(4):
            ends = activations[:, unit].min(), activations[:, unit].max()
            first, second = (np.histogram(activations[side, unit], 1000, ends)[0] for side in (own, other))
            apart = np.sqrt(first / first.sum()) - np.sqrt(second / second.sum())
            assert table.distance[number, unit] == pytest.approx(np.sqrt((apart**2).sum() / 2), abs=1e-12)


def test_the_unit_that_decides_a_pair_is_first_for_it_and_the_pair_first_for_the_unit(
    table: DistanceTable,
) -> None:
    decided = table.pairs.index(Pair(1, 4))
    assert table.units_of(decided)[0] == 2
    assert table.pairs_of(2)[0] == decided
    assert table.chance[decided, 2] == pytest.approx(0.1), "nine repetitions say no less"


def test_useless_units_lie_far_apart_in_many_bins_but_no_farther_than_shuffled_outputs(
    table: DistanceTable,
) -> None:
    useless = table.distance[:, [0, 1, 3]]
    assert useless.min() > 0.4
    assert np.abs(table.excess[:, [0, 1, 3]]).max() < 0.06


def test_samples_of_one_distribution_score_what_was_published_for_300_in_1000_bins() -> None:
    rng = np.random.default_rng(1)
    activations = rng.normal(size=(600, 30))
    outputs = np.repeat([0, 1], 300)
    found = distance_table(
        activations, Decisions.of(np.zeros(600, np.int64), outputs, [Pair(0, 0)]), repeats=1
    )
    assert found.distance.mean() == pytest.approx(0.79, abs=0.01)


def test_a_unit_that_never_changes_tells_nothing(table: DistanceTable) -> None:
    assert not table.distance[:, 4].any()
    assert table.chance[:, 4].min() > 0.1


def test_activations_on_disk_in_any_layout_and_the_same_seed_give_the_same_table(
    text: Text, table: DistanceTable
) -> None:
    decisions = decisions_of(text, table.pairs)
    again = distance_table(np.asfortranarray(text[0]), decisions, repeats=9)
    assert np.array_equal(again.distance, table.distance)
    assert np.array_equal(again.null, table.null)
    other = distance_table(text[0], decisions, repeats=9, seed=1)
    assert not np.array_equal(other.null, table.null)


def test_pairs_are_those_with_enough_positions_on_both_sides() -> None:
    inputs = np.array([0] * 700 + [1] * 350)
    outputs = np.array([5] * 400 + [6] * 290 + [7] * 10 + [8] * 350)
    assert find_pairs(inputs, outputs) == [Pair(0, 5)]
    assert find_pairs(inputs, outputs, least=290) == [Pair(0, 5), Pair(0, 6)]


def test_progress_ends_at_all_units(text: Text) -> None:
    told: list[tuple[int, int]] = []
    distance_table(
        text[0],
        decisions_of(text, [Pair(1, 4)]),
        repeats=1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (5, 5)
    assert all(earlier <= later for earlier, later in pairwise(told))


def test_distributions_with_nothing_in_common_are_1_apart_and_equal_ones_0() -> None:
    assert hellinger(np.array([[1.0, 0], [0.5, 0.5]]), np.array([[0.0, 1], [0.5, 0.5]])).tolist() == [1, 0]


def test_what_does_not_line_up_is_said_with_its_numbers(text: Text) -> None:
    activations, inputs, outputs = text
    decisions = decisions_of(text, [Pair(1, 4)])
    with pytest.raises(DataError, match="5999 activations and 6000 inputs"):
        distance_table(activations[1:], decisions)
    with pytest.raises(DataError, match="6000 inputs, 5999 outputs"):
        find_pairs(inputs, outputs[1:])
    with pytest.raises(DataError, match="input 1 has output 9 at 0 positions"):
        Decisions.of(inputs, outputs, [Pair(1, 9)])
    with pytest.raises(DataError, match="unit 1 has activations"):
        distance_table(np.where(np.arange(5) == 1, np.nan, activations), decisions)
    with pytest.raises(BadSetting, match="each given once"):
        Decisions.of(inputs, outputs, [Pair(1, 4), Pair(1, 4)])
    with pytest.raises(BadSetting, match="2 bins"):
        distance_table(activations, decisions, n_bins=1)
