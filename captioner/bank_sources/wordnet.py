"""Read WordNet's nouns from its database files (Debian package `wordnet-base`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Synset", "read_counts", "read_met_words", "read_nouns"]

_LEXNAMES = {
    3: "tops", 4: "act", 5: "animal", 6: "artifact", 7: "attribute", 8: "body", 9: "cognition",
    10: "communication", 11: "event", 12: "feeling", 13: "food", 14: "group", 15: "location", 16: "motive",
    17: "object", 18: "person", 19: "phenomenon", 20: "plant", 21: "possession", 22: "process",
    23: "quantity", 24: "relation", 25: "shape", 26: "state", 27: "substance", 28: "time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning with the words for it."""

    offset: int
    """Position in data.noun: WordNet's own number of a meaning, and ImageNet's."""
    lexname: str
    """The lexicographer's file: `animal`, `artifact`, `person`, ..."""
    words: tuple[str, ...]
    """Commonest first, with spaces; capitals as in WordNet."""
    senses: tuple[int, ...]
    """Each word's number within the lexicographer's file; a part of its key in the counts."""
    hypernyms: tuple[int, ...]
    """More general meanings."""
    parts: tuple[int, ...]
    """Meanings of which this one is made."""
    usages: tuple[int, ...]
    """Meanings such as `ethnic slur`, of which this one is an instance of use."""


def read_nouns(path: Path) -> dict[int, Synset]:
    """All meanings of `data.noun`, by offset."""
    return {synset.offset: synset for synset in _synsets(path)}


def read_counts(path: Path) -> dict[tuple[str, str, int], int]:
    """How often each noun meaning was met in tagged texts (`cntlist.rev`).

    Keys are (word, lexname, number within the lexicographer's file); meanings never met are absent.
    """
    counts: dict[tuple[str, str, int], int] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        noun = re.match(r"(\S+)%1:(\d\d):(\d\d):\S* \d+ (\d+)", line)
        if noun:
            word, lexicon, sense, count = noun.groups()
            counts[word.replace("_", " "), _LEXNAMES[int(lexicon)], int(sense)] = int(count)
    return counts


def read_met_words(path: Path) -> frozenset[str]:
    """Single words of any class (noun, adjective, ...) met in tagged texts (`cntlist.rev`)."""
    keys = (line.split("%")[0] for line in path.read_text(encoding="ascii").splitlines())
    return frozenset(key for key in keys if "_" not in key)


def _synsets(path: Path) -> Iterator[Synset]:
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("  "):
            continue  # the licence
        fields = line.split(" | ")[0].split()
        n_words = int(fields[3], 16)
        words = fields[4 : 4 + 2 * n_words : 2]
        senses = fields[5 : 5 + 2 * n_words : 2]
        pointers = fields[5 + 2 * n_words :]
        links = [
            (symbol, int(target))
            for symbol, target, kind in zip(pointers[::4], pointers[1::4], pointers[2::4], strict=False)
            if kind == "n"
        ]
        yield Synset(
            offset=int(fields[0]),
            lexname=_LEXNAMES[int(fields[1])],
            words=tuple(word.replace("_", " ") for word in words),
            senses=tuple(int(sense, 16) for sense in senses),
            hypernyms=tuple(target for symbol, target in links if symbol == "@"),
            parts=tuple(target for symbol, target in links if symbol == "%p"),
            usages=tuple(target for symbol, target in links if symbol == ";u"),
        )
