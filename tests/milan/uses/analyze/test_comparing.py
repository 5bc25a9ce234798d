"""How often chance is called more than chance."""

import numpy as np
import pytest
from jaxtyping import Bool

from milan.uses.analyze.comparing import Verdict, compare, curve_of, curve_of_random


def curves(rng: np.random.Generator, n: int, harm: float = 0.0) -> list[Bool[np.ndarray, "count image"]]:
    """Orders that differ by luck: each loses its own share of the images that are right, and `harm` more."""
    ease = np.random.default_rng(9).random(300)
    drawn = []
    for _ in range(n):
        lost = 0.1 + harm + rng.normal(0, 0.03)
        flips = rng.random(300)
        drawn.append(np.stack([ease < 0.7, (ease < 0.7) & (flips > lost), (ease < 0.7) & (flips > 2 * lost)]))
    return drawn


@pytest.mark.parametrize("seeds", [5, 12])
def test_an_order_that_nobody_chose_is_seldom_called_special(seeds: int) -> None:
    rng = np.random.default_rng(3)
    verdicts = []
    for trial in range(150):
        order, *controls = curves(rng, seeds + 1)
        verdicts.append(compare(order, controls, trial).verdict)
    assert np.mean([verdict is not Verdict.SAME for verdict in verdicts]) <= 0.07


def test_an_order_that_costs_far_more_or_less_is_called_so() -> None:
    rng = np.random.default_rng(4)
    controls = curves(rng, 5)
    worse, better = curves(rng, 1, harm=0.3)[0], curves(rng, 1, harm=-0.1)[0]
    assert compare(worse, controls, 0).verdict is Verdict.MORE
    assert compare(worse, controls, 0).lost.value > 0.2
    harmless = compare(better, curves(rng, 12), 0)
    assert harmless.lost.value < 0


def test_curves_hold_their_own_values_and_random_ones_are_wider() -> None:
    rng = np.random.default_rng(5)
    drawn = np.stack(curves(rng, 6))
    one, many = curve_of(drawn[0], 0), curve_of_random(drawn, 0)
    for points in (one, many):
        assert all(point.low <= point.value <= point.high for point in points)
    assert many[2].value == pytest.approx(drawn[:, 2].mean())
    np.testing.assert_allclose(many[0], one[0], atol=0.01)  # nothing is switched off: all orders agree
