"""Figures over units, images or repetitions, with 95 % intervals by the bootstrap."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from milan.records import Figure

__all__ = ["average", "mean_figure", "separation"]

_DRAWS = 2000
_SORTED_DRAWS = 500


def mean_figure(values: Sequence[float] | Float64[np.ndarray, " unit"], seed: int = 0) -> Figure | None:
    """`average`, or None for no units."""
    return average(values, seed) if len(values) else None


def average(values: Sequence[float] | Float64[np.ndarray, " unit"], seed: int = 0) -> Figure:
    """The mean over one unit or more, with the 2.5 and 97.5 percentiles over units drawn anew.

    Of paired differences it tells whether a gain is more than chance: then its interval leaves out 0.
    """
    known = np.asarray(values, np.float64)
    draws = np.random.default_rng(seed).integers(0, len(known), (_DRAWS, len(known)))
    low, high = np.quantile(known[draws].mean(axis=1), [0.025, 0.975])
    return Figure(float(known.mean()), float(low), float(high))


def separation(
    right: Float64[np.ndarray, " unit"], wrong: Float64[np.ndarray, " other"], seed: int = 0
) -> Figure:
    """Chance that one of the first is above one of the second, ties half (AUROC), with both drawn anew."""
    rng = np.random.default_rng(seed)
    drawn = [
        _above(rng.choice(right, len(right)), rng.choice(wrong, len(wrong))) for _ in range(_SORTED_DRAWS)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(_above(right, wrong), float(low), float(high))


def _above(right: Float64[np.ndarray, " unit"], wrong: Float64[np.ndarray, " other"]) -> float:
    ordered = np.sort(wrong)
    below = np.searchsorted(ordered, right, "left") + np.searchsorted(ordered, right, "right")
    return float(below.mean() / 2 / len(wrong))
