"""How much of a unit's variance goes with something that words have: their position, or which word it is."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float64, Int64

from milan.errors import DataError

__all__ = ["Explained", "explained_by"]

_WORDS = 4096


class Explained(NamedTuple):
    """Shares of each unit's variance, 0 to 1; 0 for a unit that never changes."""

    share: Float64[np.ndarray, " unit"]
    """1 - E[Var(x | group)] / Var(x), as published: many small groups explain much by chance."""
    adjusted: Float64[np.ndarray, " unit"]
    """The same with variances for degrees of freedom: 0 on average when groups say nothing; may be below."""


def explained_by(
    matrix: Float[np.ndarray, "word unit"], groups: Int64[np.ndarray, " word"], *, least: int = 2
) -> Explained:
    """What knowing a word's group (its position, its type) says of each unit.

    Words of groups with fewer than `least` are left out (a word seen once explains itself), and those of
    group -1. A matrix on disk is read in parts. DataError when that leaves fewer than two groups or no
    repetition.
    """
    if len(matrix) != len(groups):
        raise DataError(f"{len(matrix)} words of activations, {len(groups)} of groups: they must line up")
    _, group, count = np.unique(groups, return_inverse=True, return_counts=True)
    used = np.flatnonzero((count[group] >= least) & (groups >= 0))
    known, group = np.unique(group[used], return_inverse=True)
    if len(known) < 2 or len(used) <= len(known):
        raise DataError(
            f"{len(known)} groups of {least} words or more among {len(groups)} words: nothing to compare"
        )
    centre = matrix[used[0]].astype(np.float64)
    sums, squares = np.zeros((len(known), matrix.shape[1])), np.zeros(matrix.shape[1])
    for start in range(0, len(used), _WORDS):
        block = matrix[used[start : start + _WORDS]].astype(np.float64) - centre
        np.add.at(sums, group[start : start + _WORDS], block)
        squares += np.square(block).sum(0)
    size = np.bincount(group)[:, None]
    n = len(used)
    total = squares - np.square(sums.sum(0)) / n
    within = np.maximum(squares - (np.square(sums) / size).sum(0), 0)
    changes = total > 1e-12 * squares
    left = np.divide(within, total, out=np.ones_like(total), where=changes)
    return Explained(1 - left, 1 - left * np.where(changes, (n - 1) / (n - len(known)), 1))
