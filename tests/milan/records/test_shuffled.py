"""How often a shuffled description predicts as well."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from milan.records import ShuffledFaithfulness
from milan.records.shuffled import STEPS

correlations = st.lists(st.floats(-1, 1), min_size=1, max_size=60)


def of(values: list[float]) -> ShuffledFaithfulness:
    found = np.array([values])
    counts = ShuffledFaithfulness.count(found, np.ones(found.shape, int))
    return ShuffledFaithfulness(tuple(counts.tolist()))


@given(correlations, st.floats(-1, 1))
def test_the_chance_is_never_stated_smaller_than_it_is(values: list[float], reached: float) -> None:
    chance = of(values).chance_of(reached)
    exact = (1 + sum(value >= reached for value in values)) / (1 + len(values))
    nearly = (1 + sum(value >= reached - 2 / STEPS for value in values)) / (1 + len(values))
    assert exact <= chance <= nearly + 1e-12


@given(correlations, st.floats(-1, 1), st.floats(-1, 1))
def test_who_predicts_better_has_the_smaller_chance(values: list[float], one: float, other: float) -> None:
    shuffled = of(values)
    assert shuffled.chance_of(max(one, other)) <= shuffled.chance_of(min(one, other))


@given(correlations)
def test_every_pair_is_counted_as_often_as_its_phrase_is_said(values: list[float]) -> None:
    found = np.array([values])
    assert of(values).n_pairs == len(values)
    assert ShuffledFaithfulness.count(found, np.full(found.shape, 3)).sum() == 3 * len(values)
    assert ShuffledFaithfulness.count(found, np.zeros(found.shape, int)).sum() == 0
