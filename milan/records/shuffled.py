"""What descriptions are worth when they are given to units that they were not made for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int, Int64

__all__ = ["STEPS", "ShuffledFaithfulness"]

STEPS = 400
"""Steps of equal width in which correlations between -1 and 1 are counted: one is .005 wide."""


@dataclass(frozen=True, slots=True)
class ShuffledFaithfulness:
    """How faithful every phrase of a layer is to every unit that was said something else.

    Such a correlation is what a false description reaches: by it, one that was meant can be doubted.
    """

    counts: tuple[int, ...]
    """How many pairs of a unit and another one's phrase fell into each of `STEPS` steps, the lowest first."""

    @staticmethod
    def count(
        correlations: Float[np.ndarray, "unit phrase"], times: Int[np.ndarray, "unit phrase"]
    ) -> Int64[np.ndarray, " step"]:
        """In which steps correlations between -1 and 1 fall, each counted so many times."""
        steps = _steps(correlations).ravel()
        return np.bincount(steps, times.ravel(), minlength=STEPS).astype(np.int64)

    @property
    def n_pairs(self) -> int:
        """Pairs that were tried."""
        return sum(self.counts)

    def chance_of(self, correlation: float) -> float:
        """How often a shuffled description predicts a unit as well or better: a p-value, never 0.

        Pairs within the same step count as better, so that the chance is never stated too small.

        >>> three = ShuffledFaithfulness((0,) * 200 + (2, 1) + (0,) * 198)
        >>> three.chance_of(0.9), three.chance_of(0.007), three.chance_of(-1.0)
        (0.25, 0.5, 1.0)
        """
        return float(self.chances_of(np.array([correlation]))[0])

    def chances_of(self, correlations: Float[np.ndarray, " unit"]) -> Float64[np.ndarray, " unit"]:
        """`chance_of` of many."""
        as_well = np.cumsum(self.counts[::-1])[::-1]
        found: Float64[np.ndarray, " unit"] = (1 + as_well[_steps(correlations)]) / (1 + as_well[0])
        return found


def _steps(
    correlations: np.ndarray[Any, np.dtype[np.floating[Any]]],
) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The step in which each correlation falls."""
    places = np.floor((correlations.astype(np.float64) + 1) / 2 * STEPS)
    return np.clip(places, 0, STEPS - 1).astype(np.intp)
