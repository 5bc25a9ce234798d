"""Phrases that say two things at once: where something is, and what is there beside it.

An average over patches tells neither: "an apple on the left" is as like an apple on the right, and two things
in one picture are never in one patch. So such a phrase is taken apart, and its presence put together from
that of its parts, as compositional explanations do (Mu and Andreas, NeurIPS 2020).
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

__all__ = ["HALVES", "Beside", "Placed", "compounds_of", "parse"]

_CELLS = 7
_AND = " and "
_PLACED_FROM = 2
_BESIDE_FROM = 3


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
    place: str
    """One of `HALVES`."""


class Beside(NamedTuple):
    """Two things in one picture."""

    one: str
    other: str


def parse(phrase: str, known: Container[str]) -> Placed | Beside | None:
    """Take a phrase apart; None when it is not put together of phrases that are `known`.

    >>> parse("a dog and a cat", {"a dog", "a cat"})
    Beside(one='a dog', other='a cat')
    >>> parse("a black and white dog", {"a dog"}) is None
    True
    """
    for place in HALVES:
        what = phrase.removesuffix(f" {place}")
        if what != phrase and what in known:
            return Placed(what, place)
    words = phrase.split(_AND)
    for cut in range(1, len(words)):
        one, other = _AND.join(words[:cut]), _AND.join(words[cut:])
        if one in known and other in known:
            return Beside(one, other)
    return None


def compounds_of(following: Sequence[str], beside: Sequence[str]) -> list[str]:
    """What to try for a unit: its best phrase in each half of the picture, and pairs of its best phrases.

    `following` are the phrases that follow the unit best, best first; `beside` those among which the second
    one of a pair is sought.
    """
    placed = [f"{what} {place}" for what in following[:_PLACED_FROM] for place in HALVES]
    pairs: dict[frozenset[str], str] = {}
    for one in following[:_BESIDE_FROM]:
        for other in beside:
            if one != other:
                pairs.setdefault(frozenset((one, other)), f"{one}{_AND}{other}")
    return placed + list(pairs.values())
