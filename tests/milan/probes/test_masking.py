"""A good ranking keeps accuracy with few units, and a search says what it cost."""

import numpy as np
import pytest

from milan.errors import BadSetting
from milan.probes import (
    ElasticNet,
    Labelled,
    Planted,
    Probe,
    Split,
    masking_table,
    search_penalty,
    smallest_set,
)


@pytest.fixture(scope="module")
def probe(split: Split) -> Probe:
    return Probe.train(split.train)


def test_top_units_do_better_than_random_ones_and_these_than_the_bottom(probe: Probe, split: Split) -> None:
    table = masking_table(probe, probe.ranking(), split, shares=(0.1, 0.2), retrain=True)
    assert [(row.which, row.n_units) for row in table] == [
        (which, n) for n in (12, 24) for which in ("top", "random", "bottom")
    ]
    top, random, bottom = table[:3]
    assert top.masked.value > random.masked.value > bottom.masked.value
    assert top.over_random.low > 0 > bottom.over_random.value
    assert top.over_random.value == pytest.approx(top.masked.value - random.masked.value)
    assert top.retrained is not None
    assert bottom.retrained is not None
    assert top.retrained.value > top.masked.value - 0.02
    assert bottom.retrained.high < top.retrained.low
    assert all(row.masked.low <= row.masked.value <= row.masked.high for row in table)


def test_all_units_kept_are_the_probe_itself(probe: Probe, split: Split) -> None:
    whole = masking_table(probe, probe.ranking(), split, shares=(1,))
    assert [row.masked.value for row in whole] == pytest.approx([probe.right(split.test).mean()] * 3)
    assert whole[0].retrained is None


def test_the_smallest_set_holds_the_planted_units_and_not_many_more(
    planted: Planted, probe: Probe, split: Split
) -> None:
    tried: list[int] = []
    found = smallest_set(probe, probe.ranking(), split, loss=0.02, progress=tried.append)
    assert 8 <= found.n_units <= 40
    assert found.accuracy.value >= found.of_all.value - 0.02
    assert len(tried) == len(set(tried))


def test_the_search_takes_the_strongest_penalty_that_is_not_surely_worse(split: Split) -> None:
    chosen, tried = search_penalty(split.train, split.test, l1=(0.002, 0.05, 0.01))
    assert [one.penalty.l1 for one in tried] == [0.05, 0.01, 0.002]
    assert tried[0].n_units < tried[2].n_units
    best = max(tried, key=lambda one: one.accuracy.value)
    assert next(one for one in tried if one.penalty == chosen).accuracy.value >= best.accuracy.low
    assert all(one.accuracy.value < best.accuracy.low for one in tried if one.penalty.l1 > chosen.l1)


def test_settings_out_of_range_are_refused(probe: Probe, split: Split) -> None:
    with pytest.raises(BadSetting, match=r"a share of 0\.001 keeps 0 of 120 units"):
        masking_table(probe, probe.ranking(), split, shares=(0.001,))
    with pytest.raises(BadSetting, match="one strength"):
        search_penalty(split.train, split.test, l1=())


def test_random_units_are_the_same_for_the_same_seed(probe: Probe, split: Split) -> None:
    ranking = probe.ranking()
    one, other, third = (masking_table(probe, ranking, split, shares=(0.1,), seed=s) for s in (0, 0, 1))
    assert one == other
    assert one[1] != third[1]


def test_some_units_of_some_tokens_are_what_they_say(tokens: Labelled) -> None:
    some = tokens.at(np.array([3, 1])).of(np.array([5]))
    assert some.matrix.tolist() == [[tokens.matrix[3, 5]], [tokens.matrix[1, 5]]]
    assert len(some) == 2
    assert Probe.train(tokens, ElasticNet(10)).weights.any() == False  # noqa: E712 - an array's truth
