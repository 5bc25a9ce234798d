from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.ablation import layer_matched, random_units
from milan.errors import BadSetting
from milan.records import UnitId

POOL = [UnitId("net", layer, index) for layer, n in (("early", 4), ("late", 30)) for index in range(n)]


@given(st.integers(0, 34), st.integers(0, 5))
def test_random_units_are_different_units_of_the_pool(n: int, seed: int) -> None:
    drawn = random_units(POOL, n, seed)
    assert len(set(drawn)) == n
    assert set(drawn) <= set(POOL)
    assert drawn == random_units(POOL, n, seed)


@given(st.permutations(POOL), st.integers(0, 5))
def test_a_matched_order_visits_layers_as_the_given_one_does(order: list[UnitId], seed: int) -> None:
    control = layer_matched(order[:12], POOL, seed)
    assert [unit.layer for unit in control] == [unit.layer for unit in order[:12]]
    assert len(set(control)) == 12


def test_each_unit_of_a_layer_is_as_likely_to_be_drawn() -> None:
    drawn = Counter(layer_matched(POOL[:1], POOL, seed)[0].index for seed in range(400))
    assert set(drawn) == {0, 1, 2, 3}
    assert min(drawn.values()) > 60


def test_a_pool_that_is_too_small_is_told() -> None:
    with pytest.raises(BadSetting, match="35 random units of 34"):
        random_units(POOL, 35, 0)
    with pytest.raises(BadSetting, match="2 units of other, the pool has 0"):
        layer_matched([UnitId("net", "other", 0), UnitId("net", "other", 1)], POOL, 0)
