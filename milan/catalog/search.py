"""Finding units by the words of their descriptions, then by meaning."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select

from milan.catalog.backends import Order, dialect
from milan.catalog.meanings import Meanings, shown_versions
from milan.catalog.shown import ShownLayer
from milan.catalog.tables import CandidateRow, DescriptionRow, UnitRow
from milan.records import UnitId

__all__ = [
    "Hit",
    "Order",
    "by_any_word",
    "by_meaning",
    "by_words",
]

CLOSE = 0.3
"""Cosine from which two short phrases count as close in meaning.

Measured with the packaged encoder on 30 descriptions: queries that have nothing to do with them score .10 in
the median and .29 at the 99th percentile, fair ones ("kitten" for "a tabby cat") .29 to .69.
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One unit found."""

    unit: UnitId
    how: Literal["words", "meaning"]
    score: float
    """By words: BM25 (of a database, its own rank), higher is better; 0 where too many match to be ranked. By
    meaning: cosine, up to 1.
    """
    snippet: str
    """The text that was found: the unit's phrase, or the candidate that holds the words."""
    marks: tuple[tuple[int, int], ...] = ()
    """Where in the snippet the words are, as [start, end) positions."""
    description: str | None = None
    """What the unit is said to respond to; None when no phrase is good enough to be said."""
    faithfulness: float | None = None
    """Correlation of its best phrase with its activation; None where nothing is stated."""

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        return asdict(self) | {"unit": str(self.unit)}


def by_words(connection: Connection, query: str, limit: int, order: Order) -> list[Hit]:
    """Units whose description or candidates hold all the words, best first.

    By faithfulness, units whose description holds them come before those whose candidates do.
    """
    return _match(connection, dialect(connection).words.all_words(query), limit, order)


def by_any_word(connection: Connection, query: str, limit: int, order: Order) -> list[Hit]:
    """Units whose description or candidates hold one of the words, best first."""
    return _match(connection, dialect(connection).words.any_word(query), limit, order)


def by_meaning(
    connection: Connection, query: Sequence[float], meanings: Meanings, limit: int, order: Order
) -> list[Hit]:
    """Described units whose phrases lie closest to the query's vector, best first."""
    versions = shown_versions(connection)
    hits: list[Hit] = []
    for phrase, score in meanings.closest(query, limit):
        if score < CLOSE:
            break
        hits += _saying(connection, phrase, score, versions, order)
        if len(hits) >= limit:
            break
    closest = hits[:limit]
    if order == "faithfulness":
        closest.sort(
            key=lambda hit: -math.inf if hit.faithfulness is None else hit.faithfulness, reverse=True
        )
    return closest


def _match(connection: Connection, match: str, limit: int, order: Order) -> list[Hit]:
    if not match:
        return []
    words, versions = dialect(connection).words, shown_versions(connection)
    found = words.ranked(connection, match, versions.keys(), order, limit)
    marked = words.marked(connection, match, [one.id for one in found])
    return [
        Hit(
            _address(versions[one.version_id], one.number),
            "words",
            one.score,
            *marked[one.id],
            one.phrase,
            one.faithfulness,
        )
        for one in found
    ]


def _saying(
    connection: Connection, phrase: str, score: float, versions: dict[int, ShownLayer], order: Order
) -> list[Hit]:
    best = {"match": CandidateRow.score, "faithfulness": DescriptionRow.faithfulness}[order]
    best_first = (
        select(DescriptionRow.version_id, UnitRow.number, DescriptionRow.faithfulness)
        .join(UnitRow, UnitRow.id == DescriptionRow.unit_id)
        .outerjoin(
            CandidateRow, (CandidateRow.description_id == DescriptionRow.id) & (CandidateRow.rank == 0)
        )
        .where(DescriptionRow.phrase == phrase)
        .order_by(best.desc().nulls_last(), DescriptionRow.version_id, UnitRow.number)
    )
    return [
        Hit(
            _address(versions[row.version_id], row.number),
            "meaning",
            score,
            phrase,
            description=phrase,
            faithfulness=row.faithfulness,
        )
        for row in connection.execute(best_first)
        if row.version_id in versions
    ]


def _address(layer: ShownLayer, number: int) -> UnitId:
    return UnitId(layer.network, layer.layer, number)
