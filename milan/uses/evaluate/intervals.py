"""Means over units with 95 % intervals by the bootstrap."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from milan.records import Figure

__all__ = ["mean_figure"]

_DRAWS = 2000


def mean_figure(values: Sequence[float] | Float64[np.ndarray, " unit"], seed: int = 0) -> Figure | None:
    """The mean over units, with the 2.5 and 97.5 percentiles over units drawn anew; None for no units.

    Of paired differences it tells whether a gain is more than chance: then its interval leaves out 0.
    """
    known = np.asarray(values, np.float64)
    if not len(known):
        return None
    draws = np.random.default_rng(seed).integers(0, len(known), (_DRAWS, len(known)))
    low, high = np.quantile(known[draws].mean(axis=1), [0.025, 0.975])
    return Figure(float(known.mean()), float(low), float(high))
