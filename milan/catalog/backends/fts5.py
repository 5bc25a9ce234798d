"""SQLite's full text, FTS5: ranks are BM25."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, text

from milan.catalog.backends import full_text
from milan.catalog.backends.full_text import Found, FullText, Marked, Order, said_words
from milan.catalog.tables import VARIABLES_A_STATEMENT

__all__ = ["Fts5"]

FOUND_FROM, FOUND_TO = "\x02", "\x03"  # characters that no description holds

_COLUMNS = "SELECT d.id, d.version_id, u.number, d.phrase, d.faithfulness"
_FROM_TEXT = (
    " FROM description_text CROSS JOIN description d ON d.id = description_text.rowid"
    " CROSS JOIN unit u ON u.id = d.unit_id WHERE description_text MATCH :match"
)
# In order of rank, rows come from the index: only those that are read are joined.
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


class Fts5(FullText):
    """A virtual table; a match is in FTS5's syntax, with every word quoted."""

    matches = "description_text MATCH :match"

    def all_words(self, query: str) -> str:
        """Quoted words, joined by AND."""
        return " AND ".join(_quoted(query))

    def any_word(self, query: str) -> str:
        """Quoted words, joined by OR."""
        return " OR ".join(_quoted(query))

    def ranked(
        self, connection: Connection, match: str, versions: Collection[int], order: Order, limit: int
    ) -> list[Found]:
        """Rows are read as they are found, until there are enough."""

        def shown(rows: Iterator[Any], so_far: int = 0) -> list[Found]:
            of_versions = (Found(*row) for row in rows if row.version_id in versions)
            return list(islice(of_versions, limit - so_far))

        if order == "match" and not _more_match(connection, match, full_text.MOST_RANKED):
            return shown(_rows(connection, _RANKED, match))
        said, found = f"{{phrase}} : ({match})", list[Found]()
        for part in (said, f"({match}) NOT ({said})"):
            if len(found) < limit:
                found += shown(_unranked(connection, part, order), len(found))
        return found

    def marked(self, connection: Connection, match: str, descriptions: Sequence[int]) -> dict[int, Marked]:
        """FTS5 marks the words itself, in what is answered alone."""
        lines: dict[int, Marked] = {}
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
                lines[row.rowid] = _unmark(next((line for line in texts if FOUND_FROM in line), row.said))
        return lines

    def store(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """FTS5 keeps the texts and its index of them."""
        connection.execute(
            text("INSERT INTO description_text (rowid, phrase, others) VALUES (:id, :phrase, :others)"), rows
        )

    def forget(self, connection: Connection, descriptions: Iterable[int]) -> None:
        """Row by row."""
        connection.execute(
            text("DELETE FROM description_text WHERE rowid = :id"),
            [{"id": number} for number in descriptions],
        )


def _unranked(connection: Connection, match: str, order: Order) -> Iterator[Any]:
    if order == "match":
        return _rows(connection, _AS_STORED, match)
    many = _more_match(connection, match, full_text.MOST_SORTED)
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


def _quoted(query: str) -> list[str]:
    """The query's words, each quoted: nothing that a user types is read as search syntax."""
    return ['"' + word.replace('"', '""') + '"' for word in said_words(query)]


def _lines(said: str, others: str) -> Iterator[str]:
    yield said
    yield from others.split("\n")


def _unmark(marked: str) -> Marked:
    plain, marks = "", []
    for place, part in enumerate(marked.split(FOUND_FROM)):
        found, closed, rest = part.partition(FOUND_TO)
        if place and closed:
            marks.append((len(plain), len(plain) + len(found)))
        plain += found + rest
    return Marked(plain, tuple(marks))
