"""Make the table of words: `python -m milan.uses.language.word_table --wordnet DIR --out DIR`.

DIR of WordNet is the folder of `index.adj` and `cntlist.rev` (Debian package `wordnet-base`). Kept are single
words that can be an adjective, a verb or an adverb, and nouns in -ing, that were met in its tagged texts or
stand in our phrase bank: every other word is taken for a noun.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

__all__ = ["main", "word_rows"]

_CLASSES = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_OF_KEY = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_NO_THINGS = frozenset({"04", "09", "11", "12", "22", "26"})
"""Lexicographer's files of acts, cognition, events, feelings, processes and states."""


def word_rows(wordnet: Path, bank: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Words, sorted, with the classes they can have, each with how often tagged texts use the word so.

    Written `standing n3a3`: `n` noun (`N`: its first meaning is a thing), `v` verb, `a` adjective,
    `r` adverb.
    """
    listed = {mark: _listed(wordnet / f"index.{name}") for name, mark in _CLASSES.items()}
    counts: dict[tuple[str, str], int] = {}
    first: dict[str, tuple[int, str]] = {}
    for line in (wordnet / "cntlist.rev").read_text(encoding="ascii").splitlines():
        key, rank, count = line.split()
        word, _, sense = key.partition("%")
        mark = _OF_KEY[sense[0]]
        counts[word, mark] = counts.get((word, mark), 0) + int(count)
        if mark == "n":
            first[word] = min(first.get(word, (99, "")), (int(rank), sense.split(":")[1]))
    untagged = _first_files(wordnet / "data.noun")
    for word in sorted(set().union(*listed.values())):
        is_met = word in bank or any((word, mark) in counts for mark in "navr")
        is_open = word.endswith("ing") or any(word in listed[mark] for mark in "avr")
        if not word[0].isalpha() or not is_met or not is_open:
            continue
        marks = [mark for mark in "nvar" if word in listed[mark]]
        file = first[word][1] if word in first else untagged.get(word, "")
        is_thing = "n" in marks and file not in _NO_THINGS
        yield (
            word,
            "".join(
                f"{'N' if mark == 'n' and is_thing else mark}{counts.get((word, mark), 0)}" for mark in marks
            ),
        )


def _listed(index: Path) -> frozenset[str]:
    lines = index.read_text(encoding="ascii").splitlines()
    words = (line.split(" ", 1)[0] for line in lines if not line.startswith("  "))  # the licence is indented
    return frozenset(word for word in words if "_" not in word)


def _first_files(data: Path) -> dict[str, str]:
    """Lexicographer's file of the first meaning that holds a word, for words that no tagged text uses."""
    found: dict[str, str] = {}
    for line in data.read_text(encoding="ascii").splitlines():
        if not line.startswith("  "):
            fields = line.split(" ", 60)
            for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]:
                found.setdefault(word.lower(), fields[1])
    return found


def main() -> None:
    """Read both folders and write `parts_of_speech.tsv`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--bank", type=Path, default=Path("data/captioner/bank.tsv"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    phrases = (line.split("\t")[0] for line in options.bank.read_text("utf-8").splitlines())
    rows = word_rows(options.wordnet, frozenset(word for phrase in phrases for word in phrase.split()))
    text = "".join(f"{word}\t{classes}\n" for word, classes in rows)
    (options.out / "parts_of_speech.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
