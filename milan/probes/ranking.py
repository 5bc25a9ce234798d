"""From weights of units to an order of units."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64

from milan.errors import BadSetting

__all__ = ["Ranking", "entry_levels", "rank_by_mass", "rank_by_strongest", "units_at_mass"]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All units, best first."""

    order: Int64[np.ndarray, " unit"]
    """Unit at each place; those that say nothing come last."""
    n_ranked: int
    """How many units say anything: the places behind them mean nothing."""

    @property
    def places(self) -> Int64[np.ndarray, " unit"]:
        """Place of each unit, from 0."""
        places = np.empty(len(self.order), np.int64)
        places[self.order] = np.arange(len(self.order))
        return places


def entry_levels(weights: Float[np.ndarray, "class unit"]) -> Float64[np.ndarray, "class unit"]:
    """Share of a class's weight that lies in units with more of it, 0 to 1; infinite at zero weight.

    The units that make up a share p of a class's weight, fewest first, are those below p: the loop over
    rising p by which linguistic correlation analysis ranks units is a sort by this number.
    """
    size = np.abs(weights).astype(np.float64)
    order = np.argsort(-size, axis=1, kind="stable")
    ordered = np.take_along_axis(size, order, 1)
    before = np.cumsum(ordered, 1) - ordered
    total = ordered.sum(1, keepdims=True)
    share = np.divide(before, total, out=np.zeros_like(before), where=total > 0)
    levels = np.empty(size.shape)
    np.put_along_axis(levels, order, np.where(ordered > 0, share, np.inf), 1)
    return levels


def rank_by_mass(
    weights: Float[np.ndarray, "class unit"],
    classes: Bool[np.ndarray, " class"] | None = None,
    rest: Float[np.ndarray, " unit"] | None = None,
) -> Ranking:
    """Linguistic correlation analysis' order: a unit stands where the first class takes it in.

    Classes take in their units as the share p of their weight rises from 0 to 1. Each class's first unit
    enters at once; among units that enter together, the one with the larger share of its class's weight is
    first. A class of zero weights takes in nobody, nor does one that `classes` leaves out
    (`classes_with_signal`). Units that nobody takes in follow in falling order of `rest`.
    """
    used = weights if classes is None else np.where(classes[:, None], weights, 0)
    levels = entry_levels(used)
    size = np.abs(used).astype(np.float64)
    total = size.sum(1, keepdims=True)
    shares = np.divide(size, total, out=np.zeros_like(size), where=total > 0)
    first = levels.argmin(0)
    level = levels.min(0)
    left = np.zeros(len(level)) if rest is None else -rest
    order = np.lexsort((left, -shares[first, np.arange(len(first))], level))
    return Ranking(order, int(np.isfinite(level).sum()))


def rank_by_strongest(scores: Float[np.ndarray, "class unit"]) -> Ranking:
    """Order units by their highest score for any class; those without a positive one come last."""
    best = np.maximum(scores.max(0), 0)
    return Ranking(np.argsort(-best, kind="stable"), int((best > 0).sum()))


def units_at_mass(
    weights: Float[np.ndarray, "class unit"], mass: float = 0.25
) -> list[Int64[np.ndarray, " some"]]:
    """The fewest units that make up a share of each class's weight, strongest first.

    Few units: the class is focused. Their number falls by a factor of ten as l1 grows: state it beside.
    """
    if not 0 < mass <= 1:
        raise BadSetting(f"a share of the weight lies in 0 to 1, got {mass}")
    found = []
    for row, level in zip(np.abs(weights), entry_levels(weights), strict=True):
        inside = np.flatnonzero(level < mass)
        found.append(inside[np.argsort(-row[inside], kind="stable")])
    return found
