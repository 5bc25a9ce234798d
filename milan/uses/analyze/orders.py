"""Orders in which units are switched off."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from milan.records import UnitId

__all__ = ["Importance", "Order", "order_units"]


class Importance(NamedTuple):
    """What the network loses without each unit, on the images that score."""

    drop: Float64[np.ndarray, " unit"]
    """Accuracy lost; below 0 where the network is better without."""
    evidence: Float64[np.ndarray, " unit"]
    """Mean log chance of the true class lost, in nats: tells apart units of equal drop."""


class Order(NamedTuple):
    """All units, first those to be switched off first."""

    name: str
    units: list[UnitId]
    n_told_apart: int
    """Units that the order places for a reason: behind them all have the same, lowest value, and stand in
    random order.
    """


def order_units(
    name: str,
    units: Sequence[UnitId],
    properties: Mapping[str, Float64[np.ndarray, " unit"]],
    importance: Importance,
    seed: int,
) -> Order:
    """Units by one of `ORDERS`, ties at random: by index they would fall by layer, and depth would decide.

    A property that is not known of a unit (not-a-number) counts as the lowest.
    """
    if name in ("important", "unimportant"):
        sign = 1 if name == "important" else -1
        keys = [sign * importance.drop, sign * importance.evidence]
        n_told_apart = len(units)
    else:
        values = np.nan_to_num(properties[name], nan=-np.inf)
        keys = [values]
        n_told_apart = int((values > values.min(initial=np.inf)).sum())
    return Order(name, [units[at] for at in _descending(keys, seed)], n_told_apart)


def _descending(keys: Sequence[Float64[np.ndarray, " unit"]], seed: int) -> Int64[np.ndarray, " unit"]:
    """Positions by the first key, ties by the next, and at last at random."""
    lottery = np.random.default_rng(seed).random(len(keys[0]))
    return np.lexsort((lottery, *(-key for key in reversed(keys))))
