"""Phrases that say where: "an apple on the left", "the left half of an apple".

An average over patches does not tell an apple on the left from one on the right, so such a phrase is taken
apart: the apple is present in pictures whose apple lies on the left, and in no other. What half of a thing
a unit responds to shows in its regions alone (`beside`): to a whole picture the half is as present as the
thing.
"""

from collections.abc import Container
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32

__all__ = ["HALVES", "Centres", "Placed", "in_halves", "placed", "side_of_thing"]

_MIDDLE = 0.5


class Centres(NamedTuple):
    """Where things lie in pictures: the centre of what shows them, as a share of width and height."""

    across: Float32[np.ndarray, "image phrase"]
    down: Float32[np.ndarray, "image phrase"]

    def within(self, half: str) -> Bool[np.ndarray, "image phrase"]:
        """Whether they lie in one of `HALVES`; every picture is in one of two opposite ones."""
        across, before = _SIDES[half]
        return np.asarray(((self.across if across else self.down) < _MIDDLE) == before)


_SIDES = {
    "on the left": (True, True),
    "on the right": (True, False),
    "at the top": (False, True),
    "at the bottom": (False, False),
}

HALVES = {
    "on the left": "on the right",
    "on the right": "on the left",
    "at the top": "at the bottom",
    "at the bottom": "at the top",
}
"""Halves of the picture, with the opposite of each."""
_OF_THING = "the {side} half of {what}"
_SIDES_OF_THING = ("left", "right", "top", "bottom")
_MOST_WORDS = 4


class Placed(NamedTuple):
    """Something in one half of the picture, or a half of something."""

    what: str
    half: str | None
    """One of `HALVES`; None for a half of the thing itself, which may be anywhere."""


def placed(phrase: str, known: Container[str]) -> Placed | None:
    """Take a phrase apart; None when it does not say where one of the `known` phrases is.

    >>> placed("a dog on the left", {"a dog"}), placed("the left half of a dog", {"a dog"})
    (Placed(what='a dog', half='on the left'), Placed(what='a dog', half=None))
    """
    for half in HALVES:
        what = phrase.removesuffix(f" {half}")
        if what != phrase and what in known:
            return Placed(what, half)
    for side in _SIDES_OF_THING:
        what = phrase.removeprefix(_OF_THING.format(side=side, what=""))
        if what != phrase and what in known:
            return Placed(what, None)
    return None


def in_halves(phrase: str) -> list[str]:
    """The phrase in each half of the picture, in the order of `HALVES`."""
    return [f"{phrase} {half}" for half in HALVES]


def side_of_thing(phrase: str, side: str) -> str | None:
    """Say that it is one half of a thing; None for what has no halves: no single thing, or a long phrase.

    >>> side_of_thing("a clock", "left"), side_of_thing("clouds", "left")
    ('the left half of a clock', None)
    """
    words = phrase.split()
    if words[0] not in ("a", "an") or len(words) > _MOST_WORDS or "of" in words:
        return None
    return _OF_THING.format(side=side, what=phrase)
