"""What a back end's own full text is asked for: descriptions by their words, ranked, the words marked."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection

__all__ = ["Found", "FullText", "Marked", "Order", "said_words"]

Order = Literal["match", "faithfulness"]
"""How what is found is sorted: by how well the words match, or by how well they predict the unit."""


MOST_RANKED = 50_000
"""Matches up to which the best are told apart. A word that more descriptions hold tells none of them apart:
its BM25 is next to nothing, and reckoning a million of them would take seconds.
"""
MOST_SORTED = 3_000
"""Matches up to which those are sorted by faithfulness; above, the most faithful descriptions are asked
whether they match, which finds enough of them soon.
"""


class Found(NamedTuple):
    """A description that holds the words."""

    id: int
    version_id: int
    number: int
    """Of the unit in its layer."""
    phrase: str | None
    faithfulness: float | None
    score: float
    """Higher is better, comparable within one answer only; 0 where too many match."""


class Marked(NamedTuple):
    """The first line of a description's texts in which the words are."""

    line: str
    marks: tuple[tuple[int, int], ...]
    """Where they are, as [start, end) positions."""


class FullText(ABC):
    """The table `description_text`: of each description (`rowid`) its phrase, and its other candidates.

    A word is a run of letters and digits; case, accents of Latin letters and English endings (Porter's stems)
    make no difference, and no word is too common to be found. A `match` is what the back end reads: made by
    `all_words` and `any_word`, it holds nothing that a user typed as syntax.
    """

    matches: str
    """The condition, as SQL, that a row of `description_text` matches `:match`."""

    @abstractmethod
    def all_words(self, query: str) -> str:
        """What matches texts that hold all of the query's words; empty without any."""

    @abstractmethod
    def any_word(self, query: str) -> str:
        """What matches texts that hold one of the query's words; empty without any."""

    @abstractmethod
    def ranked(
        self, connection: Connection, match: str, versions: Collection[int], order: Order, limit: int
    ) -> list[Found]:
        """The best `limit` descriptions of these versions that match; a phrase counts ten times a candidate.

        By faithfulness, and where too many match to be ranked, those whose phrase matches come before those
        whose candidates do.
        """

    @abstractmethod
    def marked(self, connection: Connection, match: str, descriptions: Sequence[int]) -> dict[int, Marked]:
        """The line to be shown of each description, by id."""

    @abstractmethod
    def store(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep texts: `id` of the description, `phrase`, and `others`, a line each."""

    @abstractmethod
    def forget(self, connection: Connection, descriptions: Iterable[int]) -> None:
        """Drop the texts of these descriptions."""


def said_words(query: str) -> list[str]:
    """What a query holds between spaces and is more than punctuation."""
    return [word for word in query.replace("\0", " ").split() if any(c.isalnum() for c in word)]
