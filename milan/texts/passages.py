"""Sentences in pieces that can be shown: a sentence, or a stretch of a long one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int64

from milan.texts.sentences import Sentences

__all__ = ["LONGEST", "Passages"]

LONGEST = 64
"""Words of a passage: a longer sentence is cut, so that a line of 100,000 words can be shown in part."""


@dataclass(frozen=True, eq=False)
class Passages:
    """The passages of a text, in order."""

    text: Sentences
    first: Int64[np.ndarray, " passage"]
    """Number of each passage's first word in the text."""
    size: Int64[np.ndarray, " passage"]
    """Words of each, 1 to `LONGEST`."""

    @classmethod
    def of(cls, text: Sentences) -> "Passages":
        """Cut a text; sentences without words have no passage."""
        first = np.flatnonzero(text.position % LONGEST == 0)
        return cls(text, first, np.diff(first, append=len(text)))

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def of_word(self) -> Int64[np.ndarray, " word"]:
        """The passage of every word of the text."""
        return np.repeat(np.arange(len(self)), self.size)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Where each stands in the text: `sentence 3`, or `sentence 3 from word 65`."""
        places = zip(self.text.sentence[self.first] + 1, self.text.position[self.first] + 1, strict=True)
        return tuple(f"sentence {at}" + (f" from word {word}" if word > 1 else "") for at, word in places)

    def words(self, passage: int) -> tuple[str, ...]:
        """The words of one."""
        start = int(self.first[passage])
        return self.text.words[start : start + int(self.size[passage])]
