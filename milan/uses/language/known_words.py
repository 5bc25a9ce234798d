"""Which parts of speech a word can have, by a table made from WordNet, and by its ending."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from milan.records.files import shipped_file
from milan.uses.language.closed_classes import COLOURS, IRREGULAR_PARTICIPLES

__all__ = ["Known", "is_ing", "is_participle", "is_plural", "known", "may_be_adjective"]


class Known(NamedTuple):
    """What is known of a word."""

    uses: Mapping[str, int]
    """How often tagged texts use it as noun (n), verb (v), adjective (a) and adverb (r); a class that it
    cannot have is absent.
    """
    is_thing: bool
    """Whether its first meaning as a noun is a thing, no act and no state."""

    def most(self, *marks: str) -> int:
        """The most frequent of some classes; -1 when it can have none of them."""
        return max((self.uses[mark] for mark in marks if mark in self.uses), default=-1)


def known(word: str) -> Known:
    """What the table says of a word; of one in the plural or third person that it lacks, of its stem."""
    table = _table()
    if word in table:
        return table[word]
    for ending, stem in (("ies", "y"), ("es", ""), ("s", "")):
        found = table.get(word[: -len(ending)] + stem) if word.endswith(ending) and len(word) > 3 else None
        if found is not None:  # adjectives take no s
            return Known({mark: n for mark, n in found.uses.items() if mark in "nv"} or {"n": 0}, True)
    return Known({}, True)


def may_be_adjective(word: str) -> bool:
    """Whether it can stand before a noun as an adjective."""
    return word in COLOURS or "a" in known(word).uses or is_participle(word)


def is_participle(word: str) -> bool:
    """A participle of the past, or an adjective made like one: seen, striped, bearded."""
    if word in IRREGULAR_PARTICIPLES:
        return True
    if not word.endswith("ed") or len(word) < 5:
        return False
    uses = known(word).uses
    return "n" not in uses and ("a" in uses or _has_verb(word, "ed") or not uses)


def is_ing(word: str) -> bool:
    """A form in -ing of a verb: running, making, lying."""
    return word.endswith("ing") and _has_verb(word, "ing")


def is_plural(word: str) -> bool:
    """Whether a word looks like a noun in the plural, whatever else a table says: nuts."""
    return word.endswith("s") and not word.endswith(("ss", "ous", "us", "is"))


def _has_verb(word: str, ending: str) -> bool:
    base = word[: -len(ending)]
    doubled = base[:-1] if base[-1:] == base[-2:-1] else base
    with_y = base[:-1] + "y" if base.endswith("i") else base  # carried
    with_ie = base[:-1] + "ie" if base.endswith("y") else base  # lying
    stems = (base, doubled, base + "e", with_y, with_ie)
    return any(len(stem) > 1 and "v" in _table().get(stem, Known({}, False)).uses for stem in stems)


@cache
def _table() -> dict[str, Known]:
    table = {}
    for line in shipped_file("words/parts_of_speech.tsv").read_text(encoding="utf-8").splitlines():
        word, classes = line.split("\t")
        uses = {mark.lower(): int(count) for mark, count in re.findall(r"([a-zA-Z])([0-9]+)", classes)}
        table[word] = Known(uses, "N" in classes)
    return table
