"""How a language is typed in Latin letters, read from `data/transliteration/LANGUAGE.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, Self

import yaml

from milan.errors import DataError, UnknownName
from milan.records.files import shipped_file

__all__ = ["LANGUAGES", "Rules", "Spellings", "Ways"]

LANGUAGES = ("hy", "ru")
"""Languages whose rules ship."""

_FIRST_DIGRAPH = 0x2002
"""A digraph becomes one character: the blanks from U+2002 on, which no text has."""


class Spellings(NamedTuple):
    """Ways to write one letter."""

    latin: tuple[str, ...]
    reached: tuple[float, ...]
    """Share of the ways up to and with each; the last is 1."""


class Ways(NamedTuple):
    """A letter's spellings, by where it stands."""

    start: Spellings
    """Where no letter of the script stands before."""
    inside: Spellings


@dataclass(frozen=True, slots=True)
class Rules:
    """Every letter's spellings; letters of one script, digraphs as single characters."""

    language: str
    inputs: str
    """Characters that a network tells apart in Latin text."""
    digraphs: Mapping[str, str]
    """Letters written with two signs, in all capitalisations, and the one character that stands for each."""
    letters: Mapping[str, Ways]
    """By letter (or a digraph's character), small ones before capitals."""

    @classmethod
    def open(cls, language: str) -> Self:
        """Those of a language that ships; UnknownName for another."""
        if language not in LANGUAGES:
            raise UnknownName("transliteration", language, LANGUAGES, f"There are {', '.join(LANGUAGES)}")
        file = shipped_file(f"transliteration/{language}.yaml")
        return cls.of(yaml.safe_load(file.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Rules as a file has them: language, inputs, digraphs, letters, capitals (where they differ).

        DataError for shares that do not sum to 1, or a spelling with a character that is no input.
        """
        digraphs: dict[str, str] = {}
        for spelled in told.get("digraphs", ()):
            for form in dict.fromkeys([spelled, spelled.title(), spelled.upper()]):
                digraphs[form] = chr(_FIRST_DIGRAPH + len(digraphs))
        small = {letter: _shares(told_of) for letter, told_of in told["letters"].items()}
        capitals = {letter.upper(): _capital(shares) for letter, shares in small.items() if _is_cased(letter)}
        capitals |= {form: capitals[form.upper()] for form in digraphs if form == form.title()}
        capitals |= {letter: _shares(told_of) for letter, told_of in told.get("capitals", {}).items()}
        letters = {
            digraphs.get(letter, letter): Ways(
                _spellings(letter, shares["start"]), _spellings(letter, shares["inside"])
            )
            for letter, shares in (small | capitals).items()
        }
        rules = cls(told["language"], told["inputs"], digraphs, letters)
        rules._check_inputs()
        return rules

    def join(self, text: str) -> str:
        """The text with every digraph as one character.

        >>> len("ուր"), len(Rules.open("hy").join("ուր"))
        (3, 2)
        """
        for spelled, character in self.digraphs.items():
            text = text.replace(spelled, character)
        return text

    def split(self, text: str) -> str:
        """The text with digraphs as people write them: undoes `join`."""
        for spelled, character in self.digraphs.items():
            text = text.replace(character, spelled)
        return text

    def _check_inputs(self) -> None:
        for letter, ways in self.letters.items():
            for latin in (*ways.start.latin, *ways.inside.latin):
                strange = set(latin) - set(self.inputs)
                if strange or not latin:
                    raise DataError(
                        f"{self.language}: {self.split(letter)!r} is spelled {latin!r}, but "
                        f"{min(strange, default='nothing')!r} is not among the inputs"
                    )


_Shares = dict[str, dict[str, float]]


def _shares(told: str | Mapping[str, Any]) -> _Shares:
    """One spelling, shares of several, or either for the start and the inside of a word."""
    if isinstance(told, Mapping) and set(told) == {"start", "inside"}:
        return {place: _shares(told[place])[place] for place in ("start", "inside")}
    shares = {told: 1.0} if isinstance(told, str) else {str(latin): share for latin, share in told.items()}
    return {"start": shares, "inside": shares}


def _is_cased(letter: str) -> bool:
    return len(letter.upper()) == len(letter) and letter.upper() != letter


def _capital(shares: _Shares) -> _Shares:
    """Single letters as capitals, several half the time as Xx and half the time as XX."""
    found: _Shares = {}
    for place, small in shares.items():
        found[place] = {}
        for latin, share in small.items():
            forms = {latin.upper()} if len(latin) == 1 else {latin.title(), latin.upper()}
            for form in sorted(forms, reverse=True):
                found[place][form] = found[place].get(form, 0) + share / len(forms)
    return found


def _spellings(letter: str, shares: Mapping[str, float]) -> Spellings:
    if abs(sum(shares.values()) - 1) > 1e-6 or min(shares.values()) <= 0:
        raise DataError(f"shares of {letter!r} are positive and sum to 1, got {dict(shares)}")
    reached = _ended(accumulate(shares.values()))
    return Spellings(tuple(shares), reached)


def _ended(reached: Iterable[float]) -> tuple[float, ...]:
    """The last is 1 whatever rounding did."""
    return (*tuple(reached)[:-1], 1.0)
