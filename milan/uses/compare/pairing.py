"""Which unit of one network is which of another: the best one-to-one pairing, and how sure each pair is."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, Int64

from milan.errors import BadSetting
from milan.statistics.shares import benjamini_hochberg

__all__ = ["MOST_UNITS", "Pairing", "pair_units"]

MOST_UNITS = 10_000
"""Units on a side that an exact pairing takes: a minute and a gigabyte."""


class Pairing(NamedTuple):
    """Pairs of units, as many as the smaller side has."""

    first: Int64[np.ndarray, " pair"]
    """Places of units of the first side, ascending."""
    second: Int64[np.ndarray, " pair"]
    likeness: Float64[np.ndarray, " pair"]
    chance: Float64[np.ndarray, " pair"]
    """Share of units, of either network, whose nearest other unit of their own network is as alike."""
    corrected: Float64[np.ndarray, " pair"]
    """The rate of false matches among all pairs that are as sure (Benjamini and Hochberg)."""


def pair_units(
    alike: Float32[np.ndarray, "unit other"], nearest: Float32[np.ndarray, " stranger"]
) -> Pairing:
    """Pair units so that the likeness of all pairs together is greatest, each unit in one pair at most.

    `nearest` is how alike each unit of either network and the nearest *other* unit of its own network are.
    A match must be more alike than units that are known to be different, each at its closest: a pair that is
    only as alike as neighbours within a layer is no match. Raises BadSetting for more units than an exact
    pairing takes.
    """
    if max(alike.shape) > MOST_UNITS:
        raise BadSetting(
            f"{max(alike.shape)} units on a side are too many to pair (at most {MOST_UNITS}): "
            "choose layers with --layer"
        )
    from scipy.optimize import linear_sum_assignment

    first, second = linear_sum_assignment(alike, maximize=True)
    found = alike[first, second].astype(np.float64)
    strangers = np.sort(nearest)
    as_alike = len(strangers) - np.searchsorted(strangers, found - 1e-6)
    chance = (1 + as_alike) / (1 + len(strangers))
    return Pairing(first, second, found, chance, benjamini_hochberg(chance))
