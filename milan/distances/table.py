"""How far apart a unit's activations lie for two outputs of one input: Hellinger distances and their null."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int64

from milan.distances.decisions import Decisions, Pair
from milan.errors import BadSetting, DataError

__all__ = ["DistanceTable", "distance_table", "hellinger"]

_UNITS = 16
"""Units whose activations are copied at once: along positions they lie apart in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class DistanceTable:
    """Every pair against every unit, beside what chance makes of the same counts."""

    pairs: tuple[Pair, ...]
    n_is: Int64[np.ndarray, " pair"]
    """Positions with the pair's output."""
    n_other: Int64[np.ndarray, " pair"]
    """Positions with its input and another output."""
    distance: Float64[np.ndarray, "pair unit"]
    """Hellinger distance of the two histograms, 0 (the same) to 1 (nothing in common)."""
    null: Float64[np.ndarray, "repeat pair unit"]
    """The same with the outputs of each input shuffled among its positions."""
    n_bins: int

    @property
    def expected(self) -> Float64[np.ndarray, "pair unit"]:
        """Mean of the null: .79 for 300 positions a side in 1,000 bins, whatever the unit does."""
        found: Float64[np.ndarray, "pair unit"] = self.null.mean(0)
        return found

    @property
    def excess(self) -> Float64[np.ndarray, "pair unit"]:
        """Distance beyond the null's mean: what units and pairs are ranked by."""
        found: Float64[np.ndarray, "pair unit"] = self.distance - self.expected
        return found

    @property
    def chance(self) -> Float64[np.ndarray, "pair unit"]:
        """Chance that any unit reaches such an excess for the pair when outputs are shuffled.

        Against the largest excess of each repetition, so that it holds for all units of a pair together;
        never below 1 / (repeats + 1).
        """
        largest = (self.null - self.expected).max(2)  # [repeat, pair]
        reached = (largest[:, :, None] >= self.excess).sum(0)
        found: Float64[np.ndarray, "pair unit"] = (1 + reached) / (1 + len(self.null))
        return found

    def units_of(self, pair: int) -> Int64[np.ndarray, " unit"]:
        """Units by what they tell of a pair, most first."""
        return np.argsort(-self.excess[pair], kind="stable")

    def pairs_of(self, unit: int) -> Int64[np.ndarray, " pair"]:
        """Pairs by what a unit tells of them, most first."""
        return np.argsort(-self.excess[:, unit], kind="stable")


def distance_table(
    activations: Float[np.ndarray, "position unit"],
    decisions: Decisions,
    *,
    n_bins: int = 1000,
    repeats: int = 20,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DistanceTable:
    """Hellinger distances of all pairs and units, and of so many shufflings for the null.

    A unit's bins are equally wide from its lowest to its highest activation over all positions; 1,000 are
    the published study's. One count of (pair, bin) serves all pairs of a unit: other outputs of an input
    are its total less the pair's own. `activations` may lie on disk (`np.memmap`). DataError for what does
    not line up or is not finite, BadSetting for settings out of range.
    """
    if len(activations) != decisions.n_positions:
        raise DataError(
            f"{len(activations)} activations and {decisions.n_positions} inputs: give one row a position"
        )
    if n_bins < 2 or repeats < 1:
        raise BadSetting(f"a table needs 2 bins and 1 repetition at least, got {n_bins} and {repeats}")
    rng = np.random.default_rng(seed)
    codings = [decisions.code, *(decisions.shuffled(rng) for _ in range(repeats))]
    offsets = [code * n_bins for code in codings]
    n_units = activations.shape[1]
    found = np.empty((1 + repeats, len(decisions.pairs), n_units))
    for start in range(0, n_units, _UNITS):
        block = np.ascontiguousarray(activations[:, start : start + _UNITS].T)
        for unit, values in enumerate(block, start):
            bins = _bins(values, decisions.order, n_bins, unit)
            for repeat, offset in enumerate(offsets):
                counts = np.bincount(offset + bins, minlength=len(decisions.input_of_code) * n_bins)
                found[repeat, :, unit] = _distances(counts.reshape(-1, n_bins), decisions)
        if progress is not None:
            progress(min(start + _UNITS, n_units), n_units)
    return DistanceTable(decisions.pairs, decisions.n_is, decisions.n_other, found[0], found[1:], n_bins)


def hellinger(
    first: Float[np.ndarray, "*row bin"], second: Float[np.ndarray, "*row bin"]
) -> Float64[np.ndarray, "*row"]:
    """Distance of two distributions over the same bins: sqrt(1/2 sum (sqrt p - sqrt q)^2).

    >>> hellinger(np.array([0.5, 0.5, 0]), np.array([0, 0, 1.0])).item()
    1.0
    """
    apart = np.sqrt(first) - np.sqrt(second)
    found: Float64[np.ndarray, "*row"] = np.sqrt(np.square(apart, out=apart).sum(-1) / 2)
    return found


def _bins(
    values: Float[np.ndarray, " position"], order: Int64[np.ndarray, " decision"], n_bins: int, unit: int
) -> Int64[np.ndarray, " decision"]:
    """The bin of each decision's activation; bins reach over all positions."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite(high - low):
        raise DataError(f"unit {unit} has activations from {low} to {high}: leave such positions out")
    if low == high:
        return np.zeros(len(order), np.int64)
    at = np.subtract(values[order], low, dtype=np.float64)
    at /= high - low
    at *= n_bins
    bins: Int64[np.ndarray, " decision"] = at.astype(np.int64)
    bins[bins == n_bins] = n_bins - 1  # the highest activation belongs to the last bin
    return bins


def _distances(counts: Int64[np.ndarray, "code bin"], decisions: Decisions) -> Float64[np.ndarray, " pair"]:
    own = counts[: len(decisions.pairs)]
    inputs = np.arange(decisions.input_of_code.max() + 1)
    of_input = (decisions.input_of_code == inputs[:, None]).astype(np.float64) @ counts
    other = of_input[decisions.input_of_pair] - own
    return hellinger(own / decisions.n_is[:, None], other / decisions.n_other[:, None])
