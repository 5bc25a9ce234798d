"""Ways to describe that know little or nothing of a unit: what any captioner must beat."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

__all__ = ["CONSTANT", "most_frequent", "shuffled"]

CONSTANT = "a drawing of an object"
"""The same for every unit, true of nearly all pictures."""


def most_frequent(phrases: Sequence[str]) -> str:
    """The phrase said most often; of several the first in the alphabet.

    >>> most_frequent(["a dog", "a cat", "a dog"])
    'a dog'
    """
    counts = Counter(phrases)
    return min(counts, key=lambda phrase: (-counts[phrase], phrase))


def shuffled(phrases: Sequence[str], rng: np.random.Generator) -> list[str | None]:
    """Every phrase given to another unit that was said something else; None where there is no such phrase.

    Units are put in groups of equal phrases, in random order, and each takes the phrase that stands one
    largest group further on: that is never its own, unless one phrase is more than half of all.

    >>> shuffled(["a", "b", "a", "c"], np.random.default_rng(0)).count("a")
    2
    """
    if not phrases:
        return []
    counts = Counter(phrases)
    turn = dict(zip(sorted(counts), rng.permutation(len(counts)).tolist(), strict=True))
    among = rng.permutation(len(phrases)).tolist()
    order = sorted(range(len(phrases)), key=lambda unit: (turn[phrases[unit]], among[unit]))
    step = max(counts.values())
    given: list[str | None] = [None] * len(phrases)
    for place, unit in enumerate(order):
        other = phrases[order[(place + step) % len(order)]]
        given[unit] = other if other != phrases[unit] else None
    return given
