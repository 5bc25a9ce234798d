"""Phrases composed of others: what is best about a unit is often two things at once.

    compose(["a bus", "red", "a road"])   # ['a red bus', 'a bus on a road', 'a red road']

A colour, a pattern or a material goes before a noun; a part is said of its whole; a thing is put on its
background. Knowledge of what goes together is the word lists of the bank (`bank_sources/everyday.toml`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from captioner.bank_sources.decency import is_decent
from captioner.bank_sources.english import definite, indefinite, without_article
from captioner.bank_sources.everyday import parts_by_whole, word_list
from captioner.bank_sources.inflection import says_twice, singular
from captioner.fluency import fluent

__all__ = ["compose"]

_MOST_WORDS = 3  # of a noun that takes a property; longer ones are sentences already
_LINKS = frozenset(["of", "on", "in", "with", "at", "from", "by", "against", "and", "behind", "for", "to"])
_STAND_INS = ("object", "background", "area", "surface", "texture", "pattern", "fabric")


def compose(phrases: Sequence[str], n: int = 20) -> list[str]:
    """Compose up to n new phrases from the best words of a unit, best first.

    `phrases` are in the bank's style, the best first; of two compositions the one of better words comes
    first. Phrases that are among the given ones are not said again. The same phrases give the same answer.

    >>> compose(["a bus", "red", "a road"])
    ['a red bus', 'a bus on a road', 'a red road']
    >>> compose(["a wheel", "a car"])
    ['the wheel of a car']
    """
    words = _words()
    known = set(phrases)
    found: dict[str, int] = {}
    for place, phrase in enumerate(phrases):
        for other_place, other in enumerate(phrases):
            if place == other_place:
                continue
            for candidate in words.joined(phrase, other):
                said = fluent(candidate, frozenset())
                if said and said not in known and not says_twice(said) and is_decent(said):
                    found.setdefault(said, place + other_place)
    return sorted(found, key=lambda phrase: found[phrase])[:n]  # stable: ties stay in order of the phrases


@dataclass(frozen=True, slots=True)
class _Words:
    """What each word can be to another."""

    properties: dict[str, str]
    """What goes before a noun, by how it is called: "wood" gives "wooden"."""
    grounds: dict[str, str]
    """Where things are, by the ground's name: "grass" gives "on grass"."""
    parts: dict[str, tuple[str, ...]]
    """Parts by whole."""
    plain: frozenset[str]
    """Nouns that take no property."""
    persons: frozenset[str]
    """Words for persons and their bodies, which get no colour."""

    def joined(self, noun: str, other: str) -> Iterator[str]:
        """What `other` can say of `noun`."""
        bare, said_of = without_article(noun), without_article(other)
        if not self._is_thing(bare):
            return
        head = bare.split()[-1]
        quality = self._property(said_of)
        if quality and not self._has_property(bare) and head not in self.plain | self.persons:
            yield indefinite(f"{quality} {bare}") if bare != noun else f"{quality} {bare}"
        part = said_of.split(" of ")[0]
        if self._is_part(part, bare):
            yield definite(part, bare)
        ground = self.grounds.get(said_of)
        if ground and bare not in self.grounds and head not in self.plain:
            yield f"{noun} {ground}"

    def _is_thing(self, bare: str) -> bool:
        names = bare.split()
        return (
            0 < len(names) <= _MOST_WORDS
            and _LINKS.isdisjoint(names)
            and not names[-1].endswith("ing")
            and bare not in self.properties
            and names[-1] not in _STAND_INS
        )

    def _property(self, said_of: str) -> str | None:
        """The property that a phrase stands for: "red", "a red object", "a red and white background"."""
        for stand_in in _STAND_INS:
            said_of = said_of.removesuffix(f" {stand_in}")
        return self.properties.get(said_of)

    def _has_property(self, bare: str) -> bool:
        return not {*self.properties, *self.properties.values()}.isdisjoint(bare.split())

    def _is_part(self, part: str, whole: str) -> bool:
        """Whether our lists say so, of the whole or of the kind that its last word names."""
        parts = self.parts.get(whole) or self.parts.get(whole.rsplit(maxsplit=1)[-1], ())
        return part in parts or singular(part) in parts


@cache
def _words() -> _Words:
    before = {word: word for word in (*word_list("colours", "basic"), *word_list("colours", "shades"))}
    before |= {word: word for word in word_list("patterns", "names")}
    before |= _pairs("made_of")
    return _Words(
        properties=before,
        grounds=_pairs("grounds"),
        parts=parts_by_whole(),
        plain=frozenset(word_list("composing", "plain")),
        persons=frozenset(word_list("composing", "persons")),
    )


def _pairs(name: str) -> dict[str, str]:
    return dict(pair.split(": ") for pair in word_list("composing", name))
