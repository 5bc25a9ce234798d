"""Phrases that say where something is: "an apple on the left".

An average over patches does not tell it from an apple on the right, so such a phrase is taken apart, and its
presence read in that half of the picture alone.
"""

from collections.abc import Container
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

__all__ = ["HALVES", "Placed", "in_halves", "placed"]

_CELLS = 7


def _half(rows: slice, columns: slice) -> Bool[np.ndarray, " patch"]:
    patches = np.zeros((_CELLS, _CELLS), np.bool_)
    patches[rows, columns] = True
    return patches.ravel()


_ALL, _FIRST, _LAST = slice(None), slice(0, _CELLS // 2), slice(_CELLS - _CELLS // 2, None)

HALVES = {
    "on the left": _half(_ALL, _FIRST),
    "on the right": _half(_ALL, _LAST),
    "at the top": _half(_FIRST, _ALL),
    "at the bottom": _half(_LAST, _ALL),
}
"""Patches of each half; the middle belongs to none."""


class Placed(NamedTuple):
    """Something in one half of the picture."""

    what: str
    half: str
    """One of `HALVES`."""


def placed(phrase: str, known: Container[str]) -> Placed | None:
    """Take a phrase apart; None when it does not say where one of the `known` phrases is.

    >>> placed("a dog on the left", {"a dog"})
    Placed(what='a dog', half='on the left')
    """
    for half in HALVES:
        what = phrase.removesuffix(f" {half}")
        if what != phrase and what in known:
            return Placed(what, half)
    return None


def in_halves(phrase: str) -> list[str]:
    """The phrase in each half of the picture."""
    return [f"{phrase} {half}" for half in HALVES]
