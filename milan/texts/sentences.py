"""Words in sentences, each in its place: equal sentences stay apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from jaxtyping import Int64

from milan.errors import DataError
from milan.records.files import read_lines

__all__ = ["Sentences", "read_sentences"]


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """All words of a text in order; a sentence may have none."""

    words: tuple[str, ...]
    sentence: Int64[np.ndarray, " word"]
    """Number of the sentence that a word stands in, from 0."""
    position: Int64[np.ndarray, " word"]
    """Place in the sentence, from 0."""
    n_sentences: int

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]]) -> Self:
        """Sentences given as lists of words."""
        kept = [tuple(words) for words in sentences]
        sizes = [len(words) for words in kept]
        return cls(
            tuple(word for words in kept for word in words),
            np.repeat(np.arange(len(kept)), sizes),
            np.concatenate([np.arange(size) for size in [0, *sizes]]).astype(np.int64),
            len(kept),
        )

    def __len__(self) -> int:
        return len(self.words)

    def each(self) -> list[tuple[str, ...]]:
        """Words by sentence."""
        ends = np.searchsorted(self.sentence, np.arange(self.n_sentences + 1)).tolist()
        return [self.words[start:end] for start, end in pairwise(ends)]

    def at(self, words: Int64[np.ndarray, " some"]) -> Self:
        """Some of the words, in their places."""
        return type(self)(
            tuple(self.words[at] for at in words),
            self.sentence[words],
            self.position[words],
            self.n_sentences,
        )

    def head(self, n_sentences: int) -> Self:
        """The first sentences, or all of a shorter text.

        >>> Sentences.of([["a", "b"], [], ["c"]]).head(2).words
        ('a', 'b')
        """
        n_words = int(np.searchsorted(self.sentence, n_sentences))
        cut = slice(n_words)
        n_kept = min(n_sentences, self.n_sentences)
        return type(self)(self.words[cut], self.sentence[cut], self.position[cut], n_kept)

    def where(self, number: int) -> str:
        """Where a word stands, for people: `sentence 3, word 7 ('dog')`."""
        return (
            f"sentence {self.sentence[number] + 1}, word {self.position[number] + 1} ({self.words[number]!r})"
        )


def read_sentences(path: Path) -> Sentences:
    """A sentence a line, words between blanks; an empty line is a sentence without words.

    DataError for a file that cannot be read, is no UTF-8, or has no word.
    """
    found = Sentences.of(line.split() for line in read_lines(path))
    if not len(found):
        raise DataError(f"{path} has no words: write a sentence a line, with blanks between words")
    return found
