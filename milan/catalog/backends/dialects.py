"""What the back ends say differently, found by the connection that it is said to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite

from milan.catalog.backends.fts5 import Fts5
from milan.catalog.backends.full_text import FullText
from milan.catalog.backends.integrity import Enforced, Integrity, Pragmas
from milan.catalog.backends.storage import sorted_json
from milan.catalog.backends.tsvector import TsVector
from milan.catalog.tables import Base

__all__ = ["Dialect", "dialect", "put_rows"]


class Dialect(NamedTuple):
    """One back end's own."""

    words: FullText
    insert: Callable[..., Any]
    """`INSERT` that can say what to do with a row that is there."""
    json_number: Callable[..., str]
    """The number at a path of names and places within a column of JSON, as SQL."""
    integrity: Integrity
    fill: Callable[[Connection, Table, Sequence[Mapping[str, Any]]], None]
    """Insert very many rows, all with all columns."""
    count_on: Callable[[Connection, str], None]
    """Let the next row of a table get a number after those that it holds."""
    of_version: str
    """Stands behind the table `description` where only what its index of versions holds is read of it."""


def _in_sqlite(column: str, *path: str | int) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"json_extract({column}, '${steps}')"


def _in_postgresql(column: str, *path: str | int) -> str:
    return f"CAST({column} #>> '{{{','.join(map(str, path))}}}' AS double precision)"


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(table.insert(), rows)


def _copy_in(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY: several times as fast as INSERT, which the server plans for every row."""
    columns = [column.name for column in table.c]
    as_json = [isinstance(column.type, JSON) for column in table.c]
    driver: Any = connection.connection.driver_connection
    named = ", ".join(f'"{name}"' for name in columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({named}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(
                [
                    sorted_json(row[name]) if is_json and row[name] is not None else row[name]
                    for name, is_json in zip(columns, as_json, strict=True)
                ]
            )


def _counts_itself(connection: Connection, table: str) -> None:
    """SQLite looks at what the table holds."""


def _count_on(connection: Connection, table: str) -> None:
    last = f"SELECT setval(pg_get_serial_sequence(:name, 'id'), max(id)) FROM \"{table}\""
    connection.execute(text(last), {"name": table})


# Both of SQLite's indexes find a unit's description, and it takes the one that leads on into the wide table.
_INDEXED = " INDEXED BY ix_description_version_id"
_DIALECTS: Mapping[str, Dialect] = {
    "sqlite": Dialect(Fts5(), sqlite.insert, _in_sqlite, Pragmas(), _insert, _counts_itself, _INDEXED),
    "postgresql": Dialect(TsVector(), postgresql.insert, _in_postgresql, Enforced(), _copy_in, _count_on, ""),
}


def dialect(connection: Connection) -> Dialect:
    """What the connection's back end says in its own way."""
    return _DIALECTS[connection.dialect.name]


def put_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; one with the same key takes the new values."""
    insert = dialect(connection).insert(table)
    keys = [column.name for column in table.__table__.primary_key]
    values = {
        column.name: insert.excluded[column.name] for column in table.__table__.c if column.name not in keys
    }
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=values), rows)
