"""The PostgreSQL schema under a team's catalog: recognised, migrated, written by many.

Transactions that write come one after another, by an advisory lock that the server gives back when a process
is killed; readers never wait.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from milan.catalog.backends.copying import copy_rows
from milan.catalog.backends.sqlite import SqliteFile
from milan.catalog.backends.storage import MAKE_ONE, Storage, sorted_json
from milan.errors import (
    CatalogBusy,
    CatalogError,
    DataError,
    MilanError,
    NotACatalog,
    StorageFull,
    UsageError,
    one_line,
)
from milan.places import CatalogPlace

__all__ = ["PostgresSchema"]

SECONDS_TO_CONNECT = 10
WAIT_FOR_WRITER = "10min"
"""How long a writer waits for the ones before it: a layer of a million units is stored in one transaction."""
IDLE_WRITER = "5min"
"""After which the server gives up a writer that began and says nothing, such as one that was suspended."""
CONNECTIONS = 64
"""A server's threads read at once, and a unit's pictures are read beside the unit."""

_TABLES = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
_SIZE = text(
    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = :schema AND c.relkind = 'r'"
)
_MARKS = frozenset({"alembic_version", "exemplar_set", "description_text"})
_LOCKED = text(
    "SELECT set_config('idle_in_transaction_session_timeout', :idle, true),"
    " pg_advisory_xact_lock(hashtextextended('milan ' || :schema, 0))"
)


class PostgresSchema(Storage):
    """One schema of a PostgreSQL database, the only one that its connections see."""

    def __init__(self, place: CatalogPlace) -> None:
        super().__init__(
            place, _engine(place), {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self.schema = place.schema
        self._may_write = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, when those before it are done; CatalogBusy after `WAIT_FOR_WRITER`."""
        with self._alone() as connection:
            connection.execute(text("UPDATE written SET times = times + 1"))
            yield connection

    @contextlib.contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self.plain_errors(), self.engine.begin() as connection:
            connection.execute(_LOCKED, {"idle": IDLE_WRITER, "schema": self.schema})
            yield connection

    def lock(self) -> None:
        """Nobody is kept out; CatalogError where this role may not write."""
        if self._may_write:
            return
        with self.reading() as connection:
            asked = "has_table_privilege('unit', 'INSERT')"
            if self._unmade(connection):
                asked = (
                    "has_schema_privilege(:schema, 'CREATE')"
                    if connection.scalar(_EXISTS, {"schema": self.schema})
                    else "has_database_privilege(current_database(), 'CREATE')"
                )
            self._may_write = bool(connection.scalar(text(f"SELECT {asked}"), {"schema": self.schema}))
            role = connection.scalar(text("SELECT current_user"))
        if not self._may_write:
            raise CatalogError(
                f"{self.place}: the role {role!r} may not write here; ask the owner for the right"
            )

    @contextlib.contextmanager
    def briefly(self) -> Iterator[None]:
        """Writers do not keep each other out."""
        self.lock()
        yield

    def make(self) -> None:
        """Make the schema and its tables where there are none, or bring them up to date."""
        self.lock()
        with self._alone() as connection:
            if not connection.scalar(_EXISTS, {"schema": self.schema}):
                connection.execute(text(f'CREATE SCHEMA "{self.schema}"'))
            self.migrate(connection)

    def is_unmade(self) -> bool:
        """Whether the schema is missing or empty."""
        with self.reading() as connection:
            return self._unmade(connection)

    def recognise(self) -> None:
        """Raise DataError without tables, NotACatalog for other ones, CatalogError without rights."""
        with self.reading() as connection:
            tables = self._tables(connection)
            if not tables:
                raise DataError(f"{self.place}: no such catalog; {MAKE_ONE} {self.place}")
            if not tables >= _MARKS:
                raise NotACatalog(
                    f"{self.place}: the schema {self.schema!r} holds other tables; give one of its own: "
                    f"?schema=NAME"
                )
            may_read = text("SELECT has_schema_privilege(:schema, 'USAGE')")
            if not connection.scalar(may_read, {"schema": self.schema}):
                role = connection.scalar(text("SELECT current_user"))
                raise CatalogError(
                    f"{self.place}: the role {role!r} may not read here; ask the owner for the right"
                )

    def remove(self) -> None:
        """Drop what the catalog is made of; the schema and who may use it stay."""
        with self._alone() as connection:
            for table in sorted(self._tables(connection)):
                connection.execute(text(f'DROP TABLE "{table}" CASCADE'))
            connection.execute(text("DROP TEXT SEARCH CONFIGURATION IF EXISTS milan_words CASCADE"))
            connection.execute(text("DROP TEXT SEARCH DICTIONARY IF EXISTS milan_stems CASCADE"))

    def copy(self, to: Path) -> None:
        """As an SQLite file; the server's own tools copy more."""
        if to.exists():
            raise DataError(f"{to}: there is such a file already; move it away, it may be a good copy.")
        target = SqliteFile(CatalogPlace.parse(to))
        try:
            target.make()
            copy_rows(self, target)
        finally:
            target.close()

    def n_bytes(self) -> int:
        """Of all tables with their indexes."""
        with self.reading() as connection:
            return int(connection.scalar(_SIZE, {"schema": self.schema}) or 0)

    def stamp(self) -> tuple[int, ...]:
        """How many transactions wrote."""
        with self.reading() as connection:
            return (int(connection.scalar(text("SELECT times FROM written")) or 0),)

    def is_next(self, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
        """Others may have written too."""
        return after == (before[0] + 1,)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def told(self, error: BaseException | None) -> MilanError | None:
        """PostgreSQL's states as ours, with its own words."""
        from psycopg import DataError as NotKept
        from psycopg import OperationalError

        if error is None:
            return None
        state, reason = getattr(error, "sqlstate", None), one_line(error)
        if state is None:
            if isinstance(error, OperationalError):
                return CatalogError(f"{self.place}: cannot be reached ({_without_place(reason)})")
            if isinstance(error, NotKept):  # a character that no text in PostgreSQL holds
                return CatalogError(f"{self.place}: cannot keep this text ({reason})")
            return None
        for states, kind, line in _TOLD:
            if state.startswith(states):
                return kind(f"{self.place}: {line.format(reason)}")
        return None

    def _tables(self, connection: Connection) -> set[str]:
        query = text(f"{_TABLES} WHERE n.nspname = :schema AND c.relkind = 'r'")
        return set(connection.scalars(query, {"schema": self.schema}))

    def _unmade(self, connection: Connection) -> bool:
        return not self._tables(connection)


_TOLD: tuple[tuple[tuple[str, ...], type[MilanError], str], ...] = (
    (("53100",), StorageFull, "the database's disk is full ({}). What was stored before is kept."),
    (("55P03", "40"), CatalogBusy, "other processes keep writing ({}). Run the same command again."),
    (("42501", "25006"), CatalogError, "this role may not do that here ({}); ask the owner for the right"),
    (("54",), CatalogError, "too much for PostgreSQL ({})"),
    (("08", "25P03", "28", "3D", "53", "57"), CatalogError, "the database ended the work ({})"),
)
"""States of PostgreSQL, or how they begin, with what is said of them."""
_EXISTS = text("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema)")


def _engine(place: CatalogPlace) -> Engine:
    """Where connections come from; UsageError for an address that says no place, and without psycopg."""
    try:
        url = make_url(place.address)
    except (ArgumentError, ValueError):
        raise UsageError(
            f"{place}: not understood; a database is postgresql+psycopg://USER@HOST/DATABASE"
        ) from None
    if not url.database:
        raise UsageError(f"{place}: names no database: postgresql+psycopg://USER@HOST/DATABASE")
    try:
        engine = create_engine(
            url.difference_update_query(["schema"]),
            json_serializer=sorted_json,
            pool_pre_ping=True,
            max_overflow=CONNECTIONS,
            connect_args={"application_name": "milan"}
            | {key: SECONDS_TO_CONNECT for key in ("connect_timeout",) if key not in url.query},
        )
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        raise UsageError(
            "a catalog in PostgreSQL needs psycopg: pip install 'milan-neurons[postgres]'"
        ) from None

    def prepare(connection: Any, _entry: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('search_path', %s, false), set_config('lock_timeout', %s, false)",
                (f'"{place.schema}"', WAIT_FOR_WRITER),
            )
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


def _without_place(reason: str) -> str:
    """Why libpq does not connect, without where it tried."""
    return reason.rpartition(" failed: ")[2].removeprefix("FATAL:").strip()
