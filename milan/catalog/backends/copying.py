"""A whole catalog from one place to another, whatever keeps it: row by row, with the same numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, column, select, table

from milan.catalog.backends.dialects import dialect
from milan.catalog.backends.storage import Storage
from milan.catalog.tables import Base

__all__ = ["copy_rows"]

ROWS_A_STEP = 1000
_TEXTS = table("description_text", column("rowid"), column("phrase"), column("others"))


def copy_rows(source: Storage, target: Storage) -> int:
    """Fill a catalog that was made and holds nothing, in one transaction; how many rows it got.

    What is read is one view of the source, whatever others write there meanwhile.
    """
    n_rows = 0
    with source.reading() as old, target.writing() as new:
        for kept in Base.metadata.sorted_tables:
            key = list(kept.primary_key)  # what belongs to another row of its table has the higher number
            for rows in _steps(old, select(kept).order_by(*key)):
                dialect(new).fill(new, kept, rows)
                n_rows += len(rows)
            if "id" in kept.c:
                dialect(new).count_on(new, kept.name)
        of_texts = select(_TEXTS.c.rowid.label("id"), _TEXTS.c.phrase, _TEXTS.c.others)
        for rows in _steps(old, of_texts.order_by(_TEXTS.c.rowid)):
            dialect(new).words.store(new, rows)
    return n_rows


def _steps(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
    with connection.execute(query, execution_options={"yield_per": ROWS_A_STEP}) as found:
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]
