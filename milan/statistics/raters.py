"""How far people agree who judged the same things with yes or no."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from milan.records import Figure

__all__ = ["Votes", "krippendorff_alpha"]

DRAWS = 2000


class Votes(NamedTuple):
    """How people judged one thing."""

    yes: int
    no: int


def krippendorff_alpha(votes: Sequence[Votes], seed: int = 0) -> Figure | None:
    """Krippendorff's alpha of yes-or-no judgements, with its 95 % interval by bootstrap over things.

    1 where all who judged the same thing agree, 0 where they do no more than chance. None while fewer than
    two things have two judgements, or when all judgements are the same, which leaves nothing to agree on.

    >>> krippendorff_alpha([Votes(2, 0), Votes(0, 2)]).value
    1.0
    """
    counts = np.array([found for found in votes if sum(found) > 1], np.int64).reshape(-1, 2)
    value = _alpha(counts[None])[0]
    if len(counts) < 2 or np.isnan(value):
        return None
    drawn = np.random.default_rng(seed).integers(0, len(counts), (DRAWS, len(counts)))
    low, high = np.nanquantile(_alpha(counts[drawn]), [0.025, 0.975])
    return Figure(float(value), float(low), float(high))


def _alpha(counts: Int64[np.ndarray, "draw thing answer"]) -> Float64[np.ndarray, " draw"]:
    """1 - observed / expected disagreement; not-a-number where all judgements are the same."""
    judged = counts.sum(axis=2)
    unlike = 2 * counts.prod(axis=2) / np.maximum(judged - 1, 1)
    n, totals = judged.sum(axis=1), counts.sum(axis=1)
    expected = 2 * totals.prod(axis=1) / np.maximum(n - 1, 1)
    possible = expected > 0
    observed = unlike.sum(axis=1)
    return np.where(possible, 1 - observed / np.where(possible, expected, 1), np.nan)
