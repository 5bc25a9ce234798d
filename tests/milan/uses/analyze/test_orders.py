"""Orders put units where their numbers say, and leave the rest to chance."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.ablation import layer_matched
from milan.records import UnitId
from milan.uses.analyze.options import AnalyzeOptions
from milan.uses.analyze.orders import Importance, order_units

UNITS = [UnitId("net", f"layer{at // 10}", at % 10) for at in range(40)]
NOTHING = Importance(np.zeros(40), np.zeros(40))


def test_a_property_goes_down_and_what_is_unknown_comes_last() -> None:
    values = np.arange(40.0)
    values[7] = np.nan
    order = order_units("nouns", UNITS, {"nouns": values}, NOTHING, 0)
    assert order.units[0] == UNITS[39]
    assert order.units[-1] == UNITS[7]
    assert order.n_told_apart == 39


def test_ties_are_broken_by_chance_and_not_by_depth() -> None:
    firsts = {
        order_units("verbs", UNITS, {"verbs": np.zeros(40)}, NOTHING, seed).units[0] for seed in range(30)
    }
    assert len({unit.layer for unit in firsts}) == 4
    order = order_units("verbs", UNITS, {"verbs": np.zeros(40)}, NOTHING, 1)
    assert order.n_told_apart == 0
    assert order == order_units("verbs", UNITS, {"verbs": np.zeros(40)}, NOTHING, 1)


def test_equal_drops_are_told_apart_by_the_evidence_lost() -> None:
    drop, evidence = np.zeros(40), np.zeros(40)
    drop[[4, 9]], evidence[[9, 20]] = 0.1, 0.5
    importance = Importance(drop, evidence)
    assert order_units("important", UNITS, {}, importance, 0).units[:3] == [UNITS[9], UNITS[4], UNITS[20]]
    assert order_units("unimportant", UNITS, {}, importance, 0).units[-3:] == [UNITS[20], UNITS[4], UNITS[9]]


@given(st.permutations(range(40)), st.integers(0, 99))
def test_a_matched_control_has_the_same_layers_in_the_same_places(places: list[int], seed: int) -> None:
    order = [UNITS[at] for at in places][:17]
    control = layer_matched(order, UNITS, seed)
    assert [unit.layer for unit in control] == [unit.layer for unit in order]
    assert len(set(control)) == 17


@pytest.mark.parametrize(
    ("fractions", "most", "n_units", "counts"),
    [
        ((0.0, 0.1, 0.2), None, 100, [0, 10, 20]),
        ((0.0, 0.1, 0.2), 15, 100, [0, 10, 15]),
        ((0.02,), None, 10, [0, 1]),
        ((0.0, 0.5, 1.0), None, 3, [0, 2, 3]),
    ],
)
def test_shares_become_counts(
    fractions: tuple[float, ...], most: int | None, n_units: int, counts: list[int]
) -> None:
    assert AnalyzeOptions(Path(), fractions=fractions, max_units=most).counts(n_units) == counts
