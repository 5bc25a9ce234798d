"""What can be said of words in their sentences: a sparse matrix of presences, each column with its phrase.

A property is present in a word (1), absent (0), or present in part where it is a quantity, such as the place
in the sentence. Of two phrases that are true of the very same words one is kept, the one found first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Bool, Float32, Int64
from scipy import sparse

__all__ = ["JOINED", "Choice", "Gathering", "Properties", "groups_of"]

JOINED = ", or "
"""Between two properties that are said as one."""


class Choice(NamedTuple):
    """A phrase, and the columns that it stands for: present where one of them is."""

    phrase: str
    columns: tuple[int, ...]
    source: str
    """Where the phrase came from: `token`, `list`, `tag`, `affix`, `place`, ..."""


@dataclass(frozen=True, eq=False)
class Properties:
    """Presences of properties in the words of a text."""

    phrases: tuple[str, ...]
    sources: tuple[str, ...]
    presences: sparse.csc_matrix
    """[word, property], float32, 0 to 1."""

    def __len__(self) -> int:
        return len(self.phrases)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {phrase: column for column, phrase in enumerate(self.phrases)}

    def at(self, words: Int64[np.ndarray, " some"]) -> Self:
        """The same properties of some of the words."""
        rows = sparse.csr_matrix(self.presences)[words]
        return type(self)(self.phrases, self.sources, sparse.csc_matrix(rows))

    def choice(self, column: int) -> Choice:
        """One column as a choice."""
        return Choice(self.phrases[column], (column,), self.sources[column])

    def named(self, phrase: str) -> Choice | None:
        """What a phrase stands for: a property, or two that were said as one; None for other words."""
        if phrase in self._place:
            return self.choice(self._place[phrase])
        parts = phrase.split(JOINED)
        for at in range(1, len(parts)):
            both = [self._place.get(JOINED.join(some)) for some in (parts[:at], parts[at:])]
            if None not in both:
                return Choice(phrase, tuple(column for column in both if column is not None), "joined")
        return None

    def present(self, choices: Sequence[Choice]) -> Float32[np.ndarray, "word choice"]:
        """Presences of some choices."""
        found = np.zeros((self.presences.shape[0], len(choices)), np.float32)
        for place, choice in enumerate(choices):
            columns = self.presences[:, list(choice.columns)].toarray()
            found[:, place] = columns.max(axis=1)
        return found


class Gathering:
    """Properties while they are found."""

    def __init__(self, counted: Bool[np.ndarray, " word"], least: int) -> None:
        self._counted = counted
        self._least = least
        self._known: set[bytes] = set()
        self._phrases: dict[str, str] = {}
        self._rows: list[Int64[np.ndarray, " some"]] = []
        self._values: list[Float32[np.ndarray, " some"]] = []

    def add(self, phrase: str, source: str, rows: Int64[np.ndarray, " some"]) -> None:
        """Offer a property that some words have.

        It is passed over when fewer of the words that count have it than are asked for, or fewer lack it, or
        exactly these words were said otherwise.
        """
        n = int(self._counted[rows].sum())
        if n < self._least or self._counted.sum() - n < self._least or phrase in self._phrases:
            return
        ordered = np.sort(rows)
        content = ordered.tobytes()
        if content not in self._known:
            self._known.add(content)
            self._take(phrase, source, ordered, np.ones(len(rows), np.float32))

    def add_quantity(self, phrase: str, values: Float32[np.ndarray, " word"]) -> None:
        """Offer a property that words have in part, 0 to 1; passed over when all have it alike."""
        if np.ptp(values[self._counted]) > 0:
            rows = np.flatnonzero(values)
            self._take(phrase, "quantity", rows, values[rows])

    def _take(
        self, phrase: str, source: str, rows: Int64[np.ndarray, " some"], values: Float32[np.ndarray, " some"]
    ) -> None:
        self._phrases[phrase] = source
        self._rows.append(rows)
        self._values.append(values)

    def properties(self) -> Properties:
        """All that were kept, in the order in which they were found."""
        ends = np.cumsum([0, *(len(rows) for rows in self._rows)])
        empty = [np.zeros(0, np.int64)]
        rows, values = np.concatenate(empty + self._rows), np.concatenate([np.zeros(0), *self._values])
        shape = (len(self._counted), len(self._rows))
        presences = sparse.csc_matrix((values.astype(np.float32), rows, ends), shape)
        return Properties(tuple(self._phrases), tuple(self._phrases.values()), presences)


def groups_of(values: Sequence[str | None]) -> dict[str, Int64[np.ndarray, " some"]]:
    """Rows by value, the most frequent value first; None is no value.

    >>> {value: rows.tolist() for value, rows in groups_of(["a", "b", None, "a"]).items()}
    {'a': [0, 3], 'b': [1]}
    """
    found: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if value is not None:
            found.setdefault(value, []).append(row)
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return {value: np.array(rows, np.int64) for value, rows in ordered}
