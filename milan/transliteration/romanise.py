"""Writing a text in Latin letters as people do, by chance: the same text never looks the same twice."""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from milan.transliteration.rules import Rules

__all__ = ["PLACEHOLDER", "Aligned", "romanise"]

PLACEHOLDER = "\u2000"
"""What a letter of several Latin letters leaves at all but the first of them."""


class Aligned(NamedTuple):
    """Two texts of one length: what stands at a place in one stands there in the other."""

    latin: str
    """What a person would have typed."""
    letters: str
    """What was meant; digraphs are single characters, and `PLACEHOLDER` fills what a letter leaves over."""


def romanise(text: str, rules: Rules, rng: np.random.Generator) -> Aligned:
    """Spell every letter in one of its ways; whatever is no letter of the script stays as it is.

    >>> romanise("дом", Rules.open("ru"), np.random.default_rng(0))
    Aligned(latin='dom', letters='дом')
    """
    joined = rules.join(text)
    latin: list[str] = []
    letters: list[str] = []
    is_inside = False
    for letter, chance in zip(joined, rng.random(len(joined)).tolist(), strict=True):
        ways = rules.letters.get(letter)
        if ways is None:
            latin.append(letter)
            letters.append(letter)
        else:
            spellings = ways.inside if is_inside else ways.start
            spelled = spellings.latin[bisect_right(spellings.reached, chance)]
            latin.append(spelled)
            letters.append(letter + PLACEHOLDER * (len(spelled) - 1))
        is_inside = ways is not None
    return Aligned("".join(latin), "".join(letters))
