"""Finding units by the words of their descriptions, then by meaning."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select, text

from milan.catalog.meanings import Meanings, shown_versions
from milan.catalog.tables import (
    VARIABLES_A_STATEMENT,
    CandidateRow,
    DescriptionRow,
    UnitRow,
)
from milan.catalog.units import ShownLayer
from milan.records import UnitId

__all__ = [
    "Hit",
    "Order",
    "all_words",
    "by_any_word",
    "by_meaning",
    "by_words",
]

Order = Literal["match", "faithfulness"]
"""How hits of one kind are sorted: by how well the words match, or by how well they predict the unit."""

CLOSE = 0.3
"""Cosine from which two short phrases count as close in meaning.

Measured with the packaged encoder on 30 descriptions: queries that have nothing to do with them score .10 in
the median and .29 at the 99th percentile, fair ones ("kitten" for "a tabby cat") .29 to .69.
"""

FOUND_FROM, FOUND_TO = "\x02", "\x03"  # characters that no description holds


@dataclass(frozen=True, slots=True)
class Hit:
    """One unit found."""

    unit: UnitId
    how: Literal["words", "meaning"]
    score: float
    """By words: BM25, higher is better. By meaning: cosine, up to 1."""
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
    return _match(connection, all_words(query), limit, order)


def by_any_word(connection: Connection, query: str, limit: int, order: Order) -> list[Hit]:
    """Units whose description or candidates hold one of the words, best first."""
    return _match(connection, " OR ".join(_quoted(query)), limit, order)


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


def all_words(query: str) -> str:
    """What to match texts with that hold all of the query's words; empty without any."""
    return " AND ".join(_quoted(query))


def _quoted(query: str) -> list[str]:
    """The query's words, each quoted: nothing that a user types is read as search syntax."""
    words = query.replace("\0", " ").split()
    return ['"' + word.replace('"', '""') + '"' for word in words if any(c.isalnum() for c in word)]


_BEST_FIRST: Mapping[Order, str] = {
    "match": "rank",
    "faithfulness": "d.id IN (SELECT rowid FROM description_text WHERE description_text MATCH :said) DESC,"
    " d.faithfulness DESC, rank",
}


def _match(connection: Connection, match: str, limit: int, order: Order) -> list[Hit]:
    if not match:
        return []
    versions = shown_versions(connection)
    # The phrase counts ten times a candidate that was not chosen. In order of rank, rows come from the index:
    # only those that are read are joined. Words are marked in what is answered alone.
    rows = connection.execute(
        text(
            "SELECT d.id, d.version_id, d.phrase, d.faithfulness, u.number, -rank AS score"
            " FROM description_text CROSS JOIN description d ON d.id = description_text.rowid"
            " CROSS JOIN unit u ON u.id = d.unit_id"
            " WHERE description_text MATCH :match AND rank MATCH 'bm25(10.0, 1.0)'"
            f" ORDER BY {_BEST_FIRST[order]}"
        ),
        {"match": match} | ({"said": f"{{phrase}} : ({match})"} if order == "faithfulness" else {}),
    )
    found = list(islice((row for row in rows if row.version_id in versions), limit))
    rows.close()
    marked = _marked(connection, match, [row.id for row in found])
    return [
        Hit(
            _address(versions[row.version_id], row.number),
            "words",
            row.score,
            *_unmark(marked[row.id]),
            row.phrase,
            row.faithfulness,
        )
        for row in found
    ]


def _marked(connection: Connection, match: str, descriptions: Sequence[int]) -> dict[int, str]:
    """The first line of each description's texts in which the words are, with marks around them."""
    lines: dict[int, str] = {}
    for start in range(0, len(descriptions), VARIABLES_A_STATEMENT):
        rows = connection.execute(
            text(
                "SELECT rowid, highlight(description_text, 0, :start, :end) AS said,"
                " highlight(description_text, 1, :start, :end) AS others"
                " FROM description_text WHERE description_text MATCH :match AND rowid IN :some"
            ).bindparams(bindparam("some", expanding=True)),
            {
                "match": match,
                "start": FOUND_FROM,
                "end": FOUND_TO,
                "some": descriptions[start : start + VARIABLES_A_STATEMENT],
            },
        )
        for row in rows:
            texts = _lines(row.said, row.others)
            lines[row.rowid] = next((line for line in texts if FOUND_FROM in line), row.said)
    return lines


def _lines(said: str, others: str) -> Iterator[str]:
    yield said
    yield from others.split("\n")


def _unmark(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    plain, marks = "", []
    for place, part in enumerate(marked.split(FOUND_FROM)):
        found, closed, rest = part.partition(FOUND_TO)
        if place and closed:
            marks.append((len(plain), len(plain) + len(found)))
        plain += found + rest
    return plain, tuple(marks)


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
        .order_by(best.desc(), DescriptionRow.version_id, UnitRow.number)
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
