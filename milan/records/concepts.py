"""What descriptions are asked about: a concept, by its words and by its meaning."""

from dataclasses import dataclass
from typing import Self

from milan.errors import BadSetting

__all__ = ["LIKENESS", "Concept"]

LIKENESS = 0.6
"""Cosine of the packaged sentence encoder from which a description means a phrase.

Stricter than what search shows (.3): there a person reads on, here every match counts. Chosen by reading what
1,146 descriptions of a real network match (docs/guides/audit.md).
"""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that units may respond to.

    A description answers when it holds one of the words, or lies close enough to one of the phrases.

    >>> Concept.of_query(" word in the corner ").words
    ('word in the corner',)
    """

    name: str
    """How it is called in tables."""
    words: tuple[str, ...] = ()
    """Words, or several that follow each other; singular and plural both count."""
    phrases: tuple[str, ...] = ()
    """Phrases or sentences, compared by meaning."""
    likeness: float = LIKENESS
    """Cosine from which a description means one of the phrases, above 0 and up to 1."""
    but_not: tuple[str, ...] = ()
    """Words within which the others do not count: "clock face" when asked for "face"."""

    def __post_init__(self) -> None:
        if not any(any(letter.isalnum() for letter in text) for text in (*self.words, *self.phrases)):
            raise BadSetting(f"the concept {self.name!r} has nothing to match: give it words or phrases")
        if not 0 < self.likeness <= 1:
            raise BadSetting(
                f"the likeness of {self.name!r} is above 0 and at most 1 (a cosine), got {self.likeness}"
            )

    @classmethod
    def of_query(cls, text: str) -> Self:
        """What a short text asks for: its words as they stand, and its meaning. BadSetting when empty."""
        query = " ".join(text.split())
        return cls(query, (query,), (query,))
