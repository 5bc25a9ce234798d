"""Average precision of every unit for every class, from one sort a unit."""

from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int64, UInt64

from milan.probes.labelled import Labelled

__all__ = ["average_precision"]


def average_precision(tokens: Labelled, *, lowest: bool = False) -> Float64[np.ndarray, "class unit"]:
    """Area under precision over recall when tokens of a class are looked for by a unit's activation.

    Highest activations are found first, or with `lowest` the lowest; equal ones are found together, as in
    scikit-learn, whose figures these are. By chance it is the class's share. One sort serves all classes: a
    token's label rides in the lowest bits of its sort key, and every token is a hit of one class only, so a
    unit costs tokens, not tokens times classes. float32 activations, at most 2^32 classes; DataError for
    a class without tokens.
    """
    count, matrix = tokens.counts(), tokens.matrix
    starts = np.cumsum(count) - count
    nth = np.arange(len(tokens)) - np.repeat(starts, count) + 1  # hits of the class up to here
    narrow = tokens.labels.astype(np.uint64)
    found = np.empty((tokens.n_classes, tokens.n_units))
    for unit in range(tokens.n_units):
        keys = _descending(matrix[:, unit], lowest)
        keys |= narrow
        keys.sort()
        by_class = np.argsort((keys & np.uint64(0xFFFFFFFF)).astype(_small(tokens.n_classes)), kind="stable")
        values = keys >> np.uint64(32)
        new = np.flatnonzero(values[1:] != values[:-1]) + 1
        if len(new) == len(keys) - 1:
            precision = nth / (by_class + 1.0)
        else:
            precision = _with_ties(by_class, starts, count, new)
        found[:, unit] = np.add.reduceat(precision, starts) / count
    return found


def _descending(values: Float[np.ndarray, " token"], lowest: bool) -> UInt64[np.ndarray, " token"]:
    """Keys in the upper 32 bits whose rising order is the falling order of the values."""
    plain = np.ascontiguousarray(values, np.float32) + np.float32(0)  # -0 is 0
    bits = plain.view(np.uint32)
    negative = bits >> 31 == 1
    rising = np.where(negative, ~bits, bits | np.uint32(1 << 31))
    keys: UInt64[np.ndarray, " token"] = (rising if lowest else ~rising).astype(np.uint64)
    keys <<= np.uint64(32)
    return keys


def _small(n_classes: int) -> np.dtype[Any]:
    """The narrowest integers: sorting them counts instead of comparing."""
    return np.dtype("u1" if n_classes <= 256 else "u2" if n_classes <= 65536 else "u4")


def _with_ties(
    by_class: Int64[np.ndarray, " token"],
    starts: Int64[np.ndarray, " class"],
    count: Int64[np.ndarray, " class"],
    new: Int64[np.ndarray, " level"],
) -> Float64[np.ndarray, " token"]:
    """Precision where each hit's whole level of equal activations has been found."""
    n = len(by_class)
    ends = np.append(new, n)  # tokens found once each level is
    found = ends[np.searchsorted(ends, by_class, side="right")]
    precision = np.empty(n)
    for start, size in zip(starts, count, strict=True):
        own = slice(start, start + size)
        hits = np.searchsorted(by_class[own], found[own], side="left")
        precision[own] = hits / found[own]
    return precision
