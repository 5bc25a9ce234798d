"""Which units go first, and how many."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool

from milan.ablation import LayerScores, TestImages, right_without
from milan.networks import Network
from milan.records import UnitId
from milan.uses.edit.options import Rule

__all__ = ["how_many", "ordered"]


def ordered(units: Sequence[UnitId], scores: Sequence[LayerScores], rule: Rule) -> list[UnitId]:
    """Units by what the validation images lose without each, the least or the most first.

    Accuracy decides, then the log chance of the true class, which tells apart units that cost no image;
    then the address, so that the order is the same in every run."""
    of_layer = {one.layer: (one.drop, one.evidence) for one in scores}

    def loss(unit: UnitId) -> tuple[float, float, UnitId]:
        drop, evidence = (float(side[unit.index]) for side in of_layer[unit.layer])
        sign = 1.0 if rule is Rule.LEAST else -1.0
        return round(sign * drop, 9), sign * evidence, unit

    return sorted(units, key=loss)


def how_many(
    network: Network,
    clean: TestImages,
    order: Sequence[UnitId],
    allowed: float,
    progress: Callable[[int, int], None],
) -> tuple[int, Bool[np.ndarray, "count image"]]:
    """The largest number of units whose going loses no more than a share of clean images; and the whole
    curve.

    Row n of the curve says which clean images are right without the first n. With equal accuracy at several
    numbers the largest counts: the loss is not taken to grow with the number.
    """
    right = right_without(network, clean, order, range(len(order) + 1), progress=progress)
    accuracy = right.mean(1)
    fitting = np.flatnonzero(accuracy >= accuracy[0] - allowed - 1e-9)
    return int(fitting[-1]), right
