"""How often a unit is how active: all its activations, counted between the lowest and the highest."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Float32, Int64

__all__ = ["N_BINS", "Histogram", "Histograms"]

N_BINS = 32


@dataclass(frozen=True, slots=True)
class Histogram:
    """Activations of one unit at all positions of all images, or at all words of a text."""

    low: float
    """The lowest activation, where the first bin begins."""
    high: float
    """The highest, where the last bin ends."""
    counts: tuple[int, ...]
    """How many activations each of the equally wide bins holds."""

    @property
    def heights(self) -> tuple[float, ...]:
        """How tall a column each bin is drawn: log(1 + count), the tallest 1."""
        tall = [math.log1p(count) for count in self.counts]
        most = max(tall) or 1.0
        return tuple(height / most for height in tall)

    def bin_of(self, level: float) -> int:
        """In which bin a level is; the first or the last for one beyond."""
        width = self.high - self.low
        if not width > 0:
            return 0
        place = (level - self.low) / width * len(self.counts)
        return int(min(max(place, 0), len(self.counts) - 1))


@dataclass(frozen=True, slots=True, eq=False)
class Histograms:
    """Histograms of all units of a layer."""

    low: Float32[np.ndarray, " unit"]
    high: Float32[np.ndarray, " unit"]
    counts: Int64[np.ndarray, "unit bin"]

    @classmethod
    def of(cls, values: Float[np.ndarray, "row unit"]) -> Self:
        """Count values; what is not finite is left out."""
        finite = np.isfinite(values)
        low, high = (
            getattr(values, end)(axis=0, initial=start, where=finite).astype(np.float32)
            for end, start in (("min", np.inf), ("max", -np.inf))
        )
        width = np.where(high > low, high - low, 1)
        with np.errstate(invalid="ignore"):
            place = np.clip((values - low) / width * N_BINS, 0, N_BINS - 1)
        rows, units = np.nonzero(finite)
        counts = np.zeros((values.shape[1], N_BINS), np.int64)
        np.add.at(counts, (units, place[rows, units].astype(np.int64)), 1)
        return cls(low, high, counts)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Histograms of several groups of units, one after the other."""
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in cls.__slots__))

    def of_unit(self, unit: int) -> Histogram | None:
        """One of them; None where nothing finite was seen."""
        if not self.low[unit] <= self.high[unit]:
            return None
        return Histogram(float(self.low[unit]), float(self.high[unit]), tuple(self.counts[unit].tolist()))
