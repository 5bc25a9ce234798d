"""Finding units by the words of their descriptions, then by meaning."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select, text

from milan.catalog.meanings import Meanings, shown_versions
from milan.catalog.tables import VARIABLES_A_STATEMENT, CandidateRow, DescriptionRow, UnitRow
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
    """By words: BM25, higher is better; 0 where too many match to be ranked. By meaning: cosine, up to 1."""
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


MOST_RANKED = 50_000
"""Matches up to which the best are told apart. A word that more descriptions hold tells none of them apart:
its BM25 is next to nothing, and reckoning a million of them would take seconds.
"""
MOST_SORTED = 20_000
"""Matches up to which those are sorted by faithfulness; above, the most faithful descriptions are asked
whether they match, which finds enough of them soon.
"""


def _match(connection: Connection, match: str, limit: int, order: Order) -> list[Hit]:
    if not match:
        return []
    versions = shown_versions(connection)

    def shown(found: Iterator[Any], so_far: int = 0) -> list[Any]:
        return list(islice((row for row in found if row.version_id in versions), limit - so_far))

    said = f"{{phrase}} : ({match})"
    if order == "match" and not _more_match(connection, match, MOST_RANKED):
        rows = shown(_rows(connection, _RANKED, match))
    else:
        # Units whose description holds the words come before those whose candidates do.
        rows = []
        for part in (said, f"({match}) NOT ({said})"):
            if len(rows) < limit:
                rows += shown(_unranked(connection, part, order), len(rows))
    marked = _marked(connection, match, [row.id for row in rows])
    return [
        Hit(
            _address(versions[row.version_id], row.number),
            "words",
            row.score,
            *_unmark(marked[row.id]),
            row.phrase,
            row.faithfulness,
        )
        for row in rows
    ]


_COLUMNS = "SELECT d.id, d.version_id, d.phrase, d.faithfulness, u.number"
_FROM_TEXT = (
    " FROM description_text CROSS JOIN description d ON d.id = description_text.rowid"
    " CROSS JOIN unit u ON u.id = d.unit_id WHERE description_text MATCH :match"
)
# The phrase counts ten times a candidate that was not chosen. In order of rank, rows come from the index:
# only those that are read are joined. Words are marked in what is answered alone.
_RANKED = f"{_COLUMNS}, -rank AS score{_FROM_TEXT} AND rank MATCH 'bm25(10.0, 1.0)' ORDER BY rank"
_AS_STORED = f"{_COLUMNS}, 0.0 AS score{_FROM_TEXT} ORDER BY description_text.rowid"
_SORTED = (
    f"{_COLUMNS}, -rank AS score{_FROM_TEXT} AND rank MATCH 'bm25(10.0, 1.0)'"
    " ORDER BY d.faithfulness DESC, d.id"
)
_FROM_MOST_FAITHFUL = (
    f"{_COLUMNS}, 0.0 AS score FROM description d INDEXED BY ix_description_faithfulness"
    " CROSS JOIN unit u ON u.id = d.unit_id"
    " WHERE d.id IN (SELECT rowid FROM description_text WHERE description_text MATCH :match)"
    " ORDER BY d.faithfulness DESC"
)


def _unranked(connection: Connection, match: str, order: Order) -> Iterator[Any]:
    if order == "match":
        return _rows(connection, _AS_STORED, match)
    many = _more_match(connection, match, MOST_SORTED)
    return _rows(connection, _FROM_MOST_FAITHFUL if many else _SORTED, match)


def _rows(connection: Connection, query: str, match: str) -> Iterator[Any]:
    """Rows as they are found: who stops asking leaves the others unread."""
    with connection.execute(text(query), {"match": match}) as rows:
        yield from rows


def _more_match(connection: Connection, match: str, n: int) -> bool:
    counted = (
        "SELECT count(*) > :n FROM"
        " (SELECT 1 FROM description_text WHERE description_text MATCH :match LIMIT :n + 1)"
    )
    return bool(connection.scalar(text(counted), {"match": match, "n": n}))


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
