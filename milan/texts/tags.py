"""What words are labelled as: read from files, or made of the words themselves."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from jaxtyping import Int64

from milan.errors import BadSetting, DataError, UnknownName
from milan.records.files import read_lines
from milan.texts.conllu import COLUMNS, features_of, read_rows
from milan.texts.sentences import Sentences

__all__ = ["Classes", "Tagged", "read_conllu", "read_tag_lines", "read_tagged", "tag_words"]

_TASKS = ("lemma", "upos", "xpos", "deprel")


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """Words, and the tag of each."""

    sentences: Sentences
    tags: tuple[str | None, ...]
    """None for a word to which the property does not apply."""


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Tags as whole numbers."""

    names: tuple[str, ...]
    """Most frequent first."""
    labels: Int64[np.ndarray, " word"]
    """Number of each word's tag; -1 for none, or one that was left out."""
    left_out: dict[str, int]
    """Tags of too few words, with their number."""

    @classmethod
    def of(cls, tags: Collection[str | None], least: int = 1) -> Self:
        """Number the tags that at least so many words have; DataError when fewer than two are left."""
        counts = Counter(tag for tag in tags if tag is not None)
        ordered = sorted(counts, key=lambda tag: (-counts[tag], tag))
        names = tuple(tag for tag in ordered if counts[tag] >= least)
        if len(names) < 2:
            raise DataError(
                f"{len(names)} of {len(counts)} tags have {least} words or more: two are needed to tell apart"
            )
        number = {tag: place for place, tag in enumerate(names)}
        labels = np.array([-1 if tag is None else number.get(tag, -1) for tag in tags])
        return cls(names, labels, {tag: counts[tag] for tag in ordered if counts[tag] < least})


def read_conllu(path: Path, field: str = "upos") -> Tagged:
    """A CoNLL-U file: a column (upos, xpos, lemma, deprel) or a feature such as Number or Tense.

    Ranges of joined words and empty nodes are left out, as their parts stand beside them. DataError with the
    line for anything else, UnknownName for a feature that no word has.
    """
    sentences = read_rows(path)
    words = [cells for sentence in sentences for cells in sentence]
    column = COLUMNS[field.lower()] if field.lower() in _TASKS else None
    if column is None:
        known = [features_of(cells) for cells in words]
        features = {name for own in known for name in own}
        if field not in features:
            raise UnknownName(
                "property",
                field,
                [*_TASKS, *features],
                f"{path} has: {', '.join([*_TASKS, *sorted(features)])}",
            )
        told = [own.get(field) for own in known]
    else:
        told = [cells[column] for cells in words]
    forms = Sentences.of([cells[COLUMNS["form"]] for cells in sentence] for sentence in sentences)
    tags = (
        None if tag in (None, "_") and word != "_" else tag
        for tag, word in zip(told, forms.words, strict=True)
    )
    return Tagged(forms, tuple(tags))


def read_tagged(path: Path) -> Tagged:
    """A word and its tag a line, with a tab or blank between them, and an empty line between sentences."""
    sentences: list[list[str]] = [[]]
    tags: list[str | None] = []
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            if sentences[-1]:
                sentences.append([])
            continue
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) != 2 or not all(cells):
            raise DataError(f"{path} line {number}: expected a word and its tag, got {line[:60]!r}")
        sentences[-1].append(cells[0])
        tags.append(cells[1])
    if not tags:
        raise DataError(f"{path} has no words")
    return Tagged(Sentences.of(sentences if sentences[-1] else sentences[:-1]), tuple(tags))


def read_tag_lines(sentences: Sentences, path: Path) -> Tagged:
    """Tags of a text in a file beside it: a sentence a line, as many tags as words; `_` is none.

    DataError with the first line that does not line up.
    """
    lines = [line.split() for line in read_lines(path)]
    of_words = sentences.each()
    for number, (words, told) in enumerate(zip(of_words, lines, strict=False), 1):
        if len(words) != len(told):
            raise DataError(f"{path} line {number}: {len(told)} tags for {len(words)} words")
    if len(lines) != len(of_words):
        raise DataError(f"{path} has {len(lines)} lines of tags for {len(of_words)} lines of words")
    return Tagged(sentences, tuple(None if tag == "_" else tag for line in lines for tag in line))


def tag_words(sentences: Sentences, *, pattern: str | None = None, listed: Path | None = None) -> Tagged:
    """A task of two classes made of the words: those that match a pattern as a whole, or stand in a list.

    Tags are `yes` and `no`. A list has a word a line, and case does not matter.
    """
    if (pattern is None) == (listed is None):
        raise BadSetting("words are chosen by a pattern or by a list: give one of them")
    if pattern is not None:
        try:
            wanted = re.compile(pattern)
        except re.error as problem:
            raise BadSetting(f"the pattern {pattern!r} cannot be read: {problem}") from problem
        chosen = {word for word in set(sentences.words) if wanted.fullmatch(word)}
    else:
        assert listed is not None
        known = {line.strip().casefold() for line in read_lines(listed) if line.strip()}
        chosen = {word for word in set(sentences.words) if word.casefold() in known}
    return Tagged(sentences, tuple("yes" if word in chosen else "no" for word in sentences.words))
