"""Sentences as a transliterator reads them: every character with its right output."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Bool, Int64

from milan.errors import DataError
from milan.transliteration import PLACEHOLDER, Aligned, Rules, Vocabulary, romanise

__all__ = ["Sample", "show_symbol"]

_SHOWN = {PLACEHOLDER: "_", " ": "blank", "\t": "tab", "\n": "newline", "\u2001": "pad"}


def show_symbol(symbol: str, rules: Rules) -> str:
    """A symbol for people: the placeholder is `_`, digraphs have their two signs."""
    return _SHOWN.get(symbol, rules.split(symbol))


@dataclass(frozen=True)
class Sample:
    """Some sentences, spelled once."""

    texts: tuple[Aligned, ...]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, lines: Sequence[str], rules: Rules, n_sentences: int = 5000, seed: int = 0) -> Self:
        """So many lines, by chance and without repeats; all when there are fewer."""
        rng = np.random.default_rng(seed)
        kept = [line for line in lines if line.strip()]
        if not kept:
            raise DataError("the text has no sentences: write one a line")
        chosen = np.sort(rng.permutation(len(kept))[:n_sentences])
        return cls(tuple(romanise(kept[number], rules, rng) for number in chosen), Vocabulary.of(rules))

    @cached_property
    def starts(self) -> Int64[np.ndarray, " text"]:
        """Position of each text's first character."""
        found: Int64[np.ndarray, " text"] = np.cumsum([0, *(len(text.latin) for text in self.texts[:-1])])
        return found

    @property
    def n_positions(self) -> int:
        """Characters of all texts."""
        return sum(len(text.latin) for text in self.texts)

    @cached_property
    def inputs(self) -> Int64[np.ndarray, " position"]:
        """Number of each character's input, texts one after another."""
        return np.concatenate([self.vocabulary.encode_inputs(text.latin) for text in self.texts])

    @cached_property
    def outputs(self) -> Int64[np.ndarray, " position"]:
        """Number of each character's right output."""
        return np.concatenate([self.vocabulary.encode_outputs(text.letters) for text in self.texts])

    @cached_property
    def text_of(self) -> Int64[np.ndarray, " position"]:
        """Number of the text that each character stands in."""
        return np.repeat(np.arange(len(self.texts)), [len(text.latin) for text in self.texts])

    def within(self, suffix: str) -> Bool[np.ndarray, " position"]:
        """Characters inside a suffix (digraphs as one character), wherever it does not begin a word.

        What may follow it is left open: endings of case and number do. A placeholder belongs to its letter.
        """
        marks = np.zeros(self.n_positions, bool)
        script = self.vocabulary.outputs[len(self.vocabulary.inputs) :]
        for start, (_, letters) in zip(self.starts.tolist(), self.texts, strict=True):
            places = [place for place, letter in enumerate(letters) if letter != PLACEHOLDER]
            compact = "".join(letters[place] for place in places)
            at = compact.find(suffix, 1)
            while at > 0:
                end = at + len(suffix)
                if compact[at - 1] in script:
                    last = places[end] if end < len(places) else len(letters)
                    marks[start + places[at] : start + last] = True
                at = compact.find(suffix, end)
        return marks
