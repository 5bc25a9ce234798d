"""No more words than are needed: "a horse", not "the mane of a black horse", where both follow alike.

With twenty thousand phrases some long one always follows a unit a little better by chance. So a phrase that
says all that another one says, and more, must follow the unit clearly better.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations

import numpy as np
from jaxtyping import Float32

from milan.describe.yielding import lowered

__all__ = ["Shorter", "sparing"]

_SMALL = frozenset(
    {"a", "an", "the", "of", "on", "in", "at", "with", "and", "from", "for", "to", "by", "its"}
    | {"against", "behind", "under", "over", "near", "seen"}
)
_PLURAL = re.compile(r"^(\w{2,}[^\Wsui])s$")
_MOST = 5  # words of a phrase whose parts are sought: a longer one has too many


@cache
def _words(phrase: str) -> frozenset[str]:
    """The words that say something; one thing or many is no difference."""
    said = frozenset(phrase.replace("-", " ").split()) - _SMALL
    return frozenset(_PLURAL.sub(r"\1", word) for word in said)


class Shorter:
    """Finds the phrases of a bank that say a part of what another one says."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._by_words: dict[frozenset[str], list[str]] = {}
        for phrase in phrases:
            self._by_words.setdefault(_words(phrase), []).append(phrase)

    def than(self, phrase: str) -> list[str]:
        """Phrases made of some of its words, fewest words first.

        >>> Shorter(["a horse", "black", "a dog"]).than("the mane of a black horse")
        ['black', 'a horse']
        """
        words = sorted(_words(phrase))
        if len(words) > _MOST:
            return []
        parts = (frozenset(part) for n in range(1, len(words)) for part in combinations(words, n))
        return [found for part in parts for found in self._by_words.get(part, ())]


def sparing(
    phrases: Sequence[str],
    follows: Float32[np.ndarray, " phrase"],
    names: Mapping[str, frozenset[int]],
) -> Float32[np.ndarray, " phrase"]:
    """Correlations with a unit, those of phrases lowered that say more than they need.

    Exempt are `names` of things, whose words belong together: a tiger shark is not a shark and a tiger.

    >>> found = sparing(["a horse", "a black horse"], np.array([0.3, 0.31], np.float32), {})
    >>> [f"{one:.3f}" for one in found]
    ['0.300', '0.285']
    """
    words = [_words(phrase) for phrase in phrases]
    long = [place for place, phrase in enumerate(phrases) if phrase not in names]
    long.sort(key=lambda place: len(words[place]))
    short = ([other for other, said in enumerate(words) if said < words[own]] for own in long)
    return lowered(follows, list(zip(long, short, strict=True)))
