"""Number of French nouns: by their form, and by the determiner before them."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from milan.records.files import shipped_file
from milan.uses.text.number.number import Number

__all__ = ["FrenchNumber", "french_numbers"]

_SINGULAR = frozenset(
    {
        *(
            "un",
            "une",
            "le",
            "la",
            "l",
            "du",
            "au",
            "ce",
            "cet",
            "cette",
            "mon",
            "ma",
            "ton",
            "ta",
            "son",
            "sa",
        ),
        *("notre", "votre", "leur", "chaque", "aucun", "aucune", "quelque"),
    }
)
_PLURAL = frozenset(
    {
        *("les", "des", "aux", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "plusieurs", "quelques"),
        *("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
        *("certains", "certaines", "différents", "différentes", "divers", "diverses"),
    }
)
_REACH = 3
"""A determiner stands at most so many words before its noun: `les deux grands chiens`."""


class FrenchNumber(NamedTuple):
    """What a noun shows."""

    number: Number
    """Of its form or, where that is the same in both (`bras`), of its determiner."""
    agrees: bool
    """False where the determiner contradicts the form: `les chien`."""


def french_numbers(words: Sequence[str]) -> list[FrenchNumber | None]:
    """Number of each word and sign of a sentence; None for what is no noun, or does not show its number.

    Nouns are the forms that texts use so at least once in ten times (`noun_table.py`).

    >>> [found and str(found.number) for found in french_numbers(["Deux", "chiens", "et", "un", "bus"])]
    [None, 'plural', None, None, 'singular']
    """
    plain = [word.lower().replace("œ", "oe") for word in words]
    return [_number(plain, place) if word in _nouns() else None for place, word in enumerate(plain)]


def _number(words: Sequence[str], place: int) -> FrenchNumber | None:
    told = _determined(words, place)
    number = _nouns()[words[place]] or told
    return None if number is None else FrenchNumber(number, told in (None, number))


def _determined(words: Sequence[str], place: int) -> Number | None:
    """What the nearest determiner says, unless another noun or a sign stands between."""
    for at in range(place - 1, max(place - 1 - _REACH, -1), -1):
        if words[at] in _SINGULAR:
            return Number.SINGULAR
        if words[at] in _PLURAL:
            return Number.PLURAL
        if words[at] in _nouns() or not (words[at][0].isalnum() or words[at] == "'"):
            return None
    return None


@cache
def _nouns() -> dict[str, Number | None]:
    """Forms with their number; None for those that are the same in both."""
    numbers = {"s": Number.SINGULAR, "p": Number.PLURAL, "sp": None}
    lines = shipped_file("words/french_nouns.tsv").read_text("utf-8").splitlines()
    return {form: numbers[mark] for form, mark in (line.split("\t") for line in lines)}
