"""Properties of single letters, for networks that read a text sign by sign."""

from collections import defaultdict
from itertools import groupby

import numpy as np

from milan.describe.text.properties import Gathering, groups_of
from milan.texts import Sentences

__all__ = ["add_letters", "are_letters"]

_AFFIX_LETTERS = (2, 3, 4)
_FEWEST_FORMS = 3
"""Different words that must share an affix."""


def are_letters(text: Sentences) -> bool:
    """Whether the words of a text are single signs."""
    return len(text) > 0 and max(map(len, text.words)) == 1


def add_letters(gathering: Gathering, text: Sentences) -> None:
    """The letter, its neighbours, its place in its word, and the affix that it stands in.

    A word is a run of letters within a sentence; everything else parts words.
    """
    signs = [sign.casefold() for sign in text.words]
    for sign, rows in groups_of(signs).items():
        said = f"the letter '{sign}'" if sign.isalpha() else f"the sign '{sign}'"
        gathering.add(said, "token", rows)
    affixes: dict[str, list[int]] = defaultdict(list)
    kinds: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[int]] = defaultdict(list)
    for word, start in _words(text, signs):
        end = start + len(word)
        places["the first letter of a word"].append(start)
        places["the last letter of a word"].append(end - 1)
        for n in _AFFIX_LETTERS:
            if len(word) > n:
                for said, span in (
                    (f"letters within the ending -{word[-n:]}", range(end - n, end)),
                    (f"letters within the beginning {word[:n]}-", range(start, start + n)),
                ):
                    affixes[said] += span
                    kinds[said].add(word)
    for said, held in places.items():
        gathering.add(said, "place", np.array(held))
    for said in sorted(affixes, key=lambda own: -len(own)):
        if len(kinds[said]) >= _FEWEST_FORMS:
            gathering.add(said, "affix", np.array(affixes[said]))
    same = np.diff(text.sentence, prepend=-1, append=-1) == 0
    for others, joined, side in (
        ([None, *signs[:-1]], same[:-1], "after"),
        ([*signs[1:], None], same[1:], "before"),
    ):
        beside = [other if near else None for other, near in zip(others, joined.tolist(), strict=True)]
        for sign, found in groups_of(beside).items():
            gathering.add(f"letters {side} '{sign}'", "neighbour", found)
    for said, letters in (
        ("capital letters", str.isupper),
        ("signs that are no letters", lambda s: not s.isalpha()),
    ):
        gathering.add(said, "shape", np.flatnonzero([letters(sign) for sign in text.words]))


def _words(text: Sentences, signs: list[str]) -> list[tuple[str, int]]:
    """Runs of letters, each with the number of its first one."""
    found: list[tuple[str, int]] = []
    numbered = zip(range(len(text)), text.sentence.tolist(), (sign.isalpha() for sign in signs), strict=True)
    for (_, is_word), run in groupby(numbered, key=lambda one: one[1:]):
        if is_word:
            rows = [one[0] for one in run]
            found.append(("".join(signs[row] for row in rows), rows[0]))
    return found
