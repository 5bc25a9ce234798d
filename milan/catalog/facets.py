"""How many of a layer's units there are of each kind, counted from indexes alone."""

from typing import Any

from sqlalchemy import Connection, text

from milan.catalog.shown import ShownLayer
from milan.catalog.wanted import BAND, Chosen

__all__ = ["MOST_CONCEPTS", "count_concepts", "count_kinds"]

MOST_CONCEPTS = 24

_DESCRIBED = (
    f"SELECT d.status, {BAND} AS band, count(*) AS n, sum(d.faithfulness) AS total"
    " FROM description d WHERE d.version_id = :version"
)
_WITHOUT_WORDS = (
    "SELECT u.status, 0 AS band, count(*) AS n, NULL AS total FROM unit u WHERE u.set_id = :exemplars"
    " AND NOT EXISTS (SELECT 1 FROM description d WHERE d.version_id = :version AND d.unit_id = u.id)"
    " GROUP BY u.status"
)
_N_UNITS = "SELECT 1 + coalesce(max(number), -1) FROM unit WHERE set_id = :exemplars"


def count_kinds(connection: Connection, shown: ShownLayer, chosen: Chosen) -> list[Any]:
    """How many units (`n`) there are of each `status` and `band`, and their `total` faithfulness."""
    asked = {"version": shown.version, "exemplars": shown.exemplars.id}
    query = f"{_DESCRIBED}{chosen.conditions} GROUP BY 1, 2"
    found = list(connection.execute(text(query), asked | dict(chosen.values)))
    if not chosen and sum(row.n for row in found) < (connection.scalar(text(_N_UNITS), asked) or 0):
        found += connection.execute(text(_WITHOUT_WORDS), asked)
    return found


def count_concepts(connection: Connection, shown: ShownLayer, chosen: Chosen) -> dict[str, int]:
    """How many descriptions hold each of the words that most of them hold."""
    joined = " JOIN description d ON d.id = w.description_id" if chosen else ""
    query = (
        f"SELECT w.word, count(*) AS n FROM description_word w{joined} WHERE w.version_id = :version"
        f"{chosen.conditions} GROUP BY w.word ORDER BY n DESC, w.word LIMIT :most"
    )
    asked = {"version": shown.version, "most": MOST_CONCEPTS}
    rows = connection.execute(text(query), asked | dict(chosen.values))
    return {row.word: row.n for row in rows}
