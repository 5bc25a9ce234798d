"""PostgreSQL's full text: a tsvector with a GIN index; ranks are ts_rank, which knows no rare words.

Words are cut out and rid of accents here, so that both back ends agree on what a word is; PostgreSQL stems
them by the same algorithm as FTS5 (Snowball's `porter`, without stop words).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from milan.catalog.backends import full_text
from milan.catalog.backends.full_text import Found, FullText, Marked, Order, said_words

__all__ = ["TsVector"]

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_ASKED = "websearch_to_tsquery('milan_words', :match)"
_SAID = f"ts_filter(t.words, '{{a}}') @@ {_ASKED}"
_RANK = f"ts_rank('{{0.1, 0.1, 0.1, 1}}', t.words, {_ASKED}, 1)"
_MOST_FAITHFUL = "d.faithfulness DESC NULLS LAST, d.id"
_KEEP = text(
    "INSERT INTO description_text (rowid, phrase, others, words) VALUES (:id, :phrase, :others,"
    " setweight(to_tsvector('milan_words', :phrase_words), 'A')"
    " || setweight(to_tsvector('milan_words', :other_words), 'D'))"
)


class _Word(NamedTuple):
    text: str
    """Small, without accents."""
    start: int
    end: int


class TsVector(FullText):
    """A table of our own; a match is in the syntax of web searches, with every word quoted."""

    matches = f"words @@ {_ASKED}"

    def all_words(self, query: str) -> str:
        """Quoted words side by side."""
        return " ".join(_quoted(query))

    def any_word(self, query: str) -> str:
        """Quoted words, joined by or."""
        return " or ".join(_quoted(query))

    def ranked(
        self, connection: Connection, match: str, versions: Collection[int], order: Order, limit: int
    ) -> list[Found]:
        """The server ranks and sorts all that match, unless there are too many."""
        asked = {"match": match, "versions": list(versions)}
        ranks = not _more_match(connection, match, full_text.MOST_RANKED)
        score = _RANK if ranks else "0.0"
        if order == "match" and ranks:
            return _found(connection, score, "true", "score DESC, d.id", asked | {"limit": limit})
        found: list[Found] = []
        for part in (_SAID, f"NOT {_SAID}"):
            left = asked | {"limit": limit - len(found)}
            found += _found(connection, score, part, "d.id" if order == "match" else _MOST_FAITHFUL, left)
        return found

    def marked(self, connection: Connection, match: str, descriptions: Sequence[int]) -> dict[int, Marked]:
        """The words of the lines and of the query are stemmed by the server, and compared here."""
        rows = connection.execute(
            text(
                "SELECT rowid, phrase, others FROM description_text WHERE rowid = ANY(CAST(:some AS int[]))"
            ),
            {"some": list(descriptions)},
        ).all()
        lines = {row.rowid: [row.phrase, *row.others.split("\n")] for row in rows}
        asked = [phrase.split() for phrase in re.findall('"([^"]*)"', match)]
        words = {word.text for texts in lines.values() for line in texts for word in _words(line)}
        stems = _stems(connection, words.union(*asked))
        wanted = [[stems[word] for word in phrase] for phrase in asked]
        shown: dict[int, Marked] = {}
        for number, texts in lines.items():
            marked = [Marked(line, _marks(line, wanted, stems)) for line in texts]
            shown[number] = next((line for line in marked if line.marks), marked[0])
        return shown

    def store(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the texts, to be shown, and their words."""
        connection.execute(
            _KEEP,
            [
                {**row, "phrase_words": _plain(row["phrase"]), "other_words": _plain(row["others"])}
                for row in rows
            ],
        )

    def forget(self, connection: Connection, descriptions: Iterable[int]) -> None:
        """All at once."""
        gone = text("DELETE FROM description_text WHERE rowid = ANY(CAST(:gone AS int[]))")
        connection.execute(gone, {"gone": list(descriptions)})


def _found(
    connection: Connection, score: str, condition: str, order: str, asked: Mapping[str, Any]
) -> list[Found]:
    rows = connection.execute(
        text(
            f"SELECT d.id, d.version_id, u.number, d.phrase, d.faithfulness, {score} AS score"
            " FROM description_text t JOIN description d ON d.id = t.rowid JOIN unit u ON u.id = d.unit_id"
            f" WHERE t.words @@ {_ASKED} AND {condition} AND d.version_id = ANY(CAST(:versions AS int[]))"
            f" ORDER BY {order} LIMIT :limit"
        ),
        asked,
    )
    return [Found(*row) for row in rows]


def _more_match(connection: Connection, match: str, n: int) -> bool:
    matching = f"SELECT FROM description_text t WHERE t.words @@ {_ASKED} LIMIT :n + 1"
    counted = text(f"SELECT count(*) > :n FROM ({matching}) AS found")
    return bool(connection.scalar(counted, {"match": match, "n": n}))


def _words(line: str) -> Iterator[_Word]:
    for found in _WORD.finditer(line):
        letters = unicodedata.normalize("NFD", found[0].lower())
        plain = "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f")
        yield _Word(unicodedata.normalize("NFC", plain), *found.span())


def _plain(line: str) -> str:
    return " ".join(word.text for word in _words(line))


def _quoted(query: str) -> list[str]:
    return [f'"{_plain(word)}"' for word in said_words(query)]


def _stems(connection: Connection, words: Collection[str]) -> dict[str, str]:
    stemmed = text(
        "SELECT word, (ts_lexize('milan_stems', word))[1] FROM unnest(CAST(:words AS text[])) AS word"
    )
    return {word: stem or word for word, stem in connection.execute(stemmed, {"words": sorted(words)})}


def _marks(
    line: str, wanted: Sequence[Sequence[str]], stems: Mapping[str, str]
) -> tuple[tuple[int, int], ...]:
    """Where one of the wanted runs of stems is; runs that touch the same words are one mark."""
    words = list(_words(line))
    said = [stems[word.text] for word in words]
    marks: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        run = max((len(one) for one in wanted if one and said[at : at + len(one)] == list(one)), default=0)
        if run:
            marks.append((words[at].start, words[at + run - 1].end))
        at += run or 1
    return tuple(marks)
