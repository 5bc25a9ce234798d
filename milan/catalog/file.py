"""The SQLite file under a catalog: recognised, migrated, locked for one writer, its errors told plainly."""

import contextlib
import errno
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from milan.errors import (
    CatalogBusy,
    CatalogError,
    DataError,
    MilanError,
    NewerCatalog,
    NotACatalog,
    StorageFull,
)

__all__ = ["NEWEST", "CatalogFile", "storage_errors"]

NEWEST = "0011"
"""The migration that this version of milan writes and reads."""

MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION_ID = 0x4D494C4E  # "MILN", in the file's header: tells a catalog from other SQLite files
BUSY_MILLISECONDS = 2000
CACHE_KIB = 16 * 1024
MAKE_ONE = "make one: milan describe MODEL --images DIR --catalog"


class CatalogFile:
    """One SQLite file. Any number of processes read; the first to write keeps others from it until closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(f"{path}.lock", timeout=0)
        # A connection for every transaction: iterators read while others write, and none outlives its use.
        # mode=rw: a catalog that was moved away is an error, not a new empty file.
        address = URL.create(
            "sqlite+pysqlite", database=path.absolute().as_uri(), query={"mode": "rw", "uri": "true"}
        )
        self._engine = create_engine(address, poolclass=NullPool, json_serializer=_sorted_json)
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)

    @property
    def engine(self) -> Engine:
        """Where connections come from."""
        return self._engine

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the catalog, whatever others write meanwhile."""
        with self._plain_errors(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing.

        Raises CatalogBusy when another process (or catalog object) writes, StorageFull when the disk is full.
        """
        self.lock()
        writer = self._engine.execution_options(writes=True)
        with self._plain_errors(), writer.begin() as connection:
            yield connection

    def lock(self) -> None:
        """Become the one writer until closed; CatalogBusy when another is, CatalogError where none can be."""
        if self._lock.is_locked:
            return
        if not self.path.parent.is_dir():
            raise DataError(f"{self.path}: there is no folder {str(self.path.parent)!r}; make it first.")
        try:
            self._lock.acquire()
        except Timeout:
            raise CatalogBusy(
                f"{self.path}: another process is writing to this catalog. "
                f"Wait for it, or give another --catalog."
            ) from None
        except OSError as error:
            raise CatalogError(f"{self.path}: this catalog cannot be written ({error.strerror}).") from error

    def make(self) -> None:
        """Make the tables in a file that does not exist or is empty."""
        self.lock()
        with storage_errors(self.path):
            self.path.touch()
        with self._plain_errors(), contextlib.closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        self._migrate()

    def check(self) -> None:
        """Raise unless the file is a catalog of a known version; bring an older one up to date."""
        if not self.path.exists():
            raise DataError(f"{self.path}: no such catalog; {MAKE_ONE} {self.path}")
        if not self.path.is_file() or not _starts_like_sqlite(self.path):
            raise NotACatalog(f"{self.path}: not a milan catalog; {MAKE_ONE} OTHER.db")
        with self.reading() as connection:
            if connection.scalar(text("PRAGMA application_id")) != APPLICATION_ID:
                raise NotACatalog(
                    f"{self.path}: an SQLite file, but not a milan catalog; {MAKE_ONE} OTHER.db"
                )
            revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if revision != NEWEST:
            if revision not in _known_revisions():
                raise NewerCatalog(
                    f"{self.path}: made by a newer version of milan (catalog revision {revision!r}, "
                    f"this one knows {NEWEST!r}). Update: pip install -U milan-neurons"
                )
            with self.briefly():  # who only reads it afterwards keeps nobody from writing
                self._migrate()

    def is_unmade(self) -> bool:
        """Whether there is nothing yet: no file, an empty one, or one whose making was cut off."""
        if not self.path.exists() or (self.path.is_file() and self.path.stat().st_size == 0):
            return True
        if not self.path.is_file() or not _starts_like_sqlite(self.path):
            return False
        with self.reading() as connection:
            return not connection.scalar(text("SELECT count(*) FROM sqlite_schema"))

    def remove(self) -> None:
        """Delete the catalog, to start over."""
        self.lock()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def copy(self, to: Path) -> None:
        """Write the catalog as it is to a new file; DataError when there is one already."""
        if to.exists():
            raise DataError(f"{to}: there is such a file already; move it away, it may be a good copy.")
        with (
            self._plain_errors(),
            contextlib.closing(self._engine.raw_connection()) as connection,
            contextlib.closing(sqlite3.connect(to)) as target,
        ):
            source = connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)

    @contextlib.contextmanager
    def briefly(self) -> Iterator[None]:
        """Be the writer within a block; whoever was it before stays it."""
        was_locked = self._lock.is_locked
        self.lock()
        try:
            yield
        finally:
            if not was_locked:
                self._unlock()

    def stamp(self) -> tuple[int, ...]:
        """What changes whenever anybody writes: when the file and its log were written, and their sizes."""
        found: list[int] = []
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                stat = Path(f"{self.path}{suffix}").stat()
                found += (stat.st_mtime_ns, stat.st_size)
        return tuple(found)

    def close(self) -> None:
        """Let others write."""
        self._engine.dispose()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock.is_locked:
            with contextlib.suppress(
                OSError
            ):  # Windows keeps the name of an open file; a left-over lock is harmless
                Path(self._lock.lock_file).unlink()
            self._lock.release()

    def _migrate(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.writing() as connection:
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            told = _error_for(self.path, error.orig)
            if told is None:
                raise
            raise told from error


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Tell a full disk and a refused path as one line each, while writing `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                f"{path}: the disk is full. Free some space and run the same command again."
            ) from error
        raise DataError(f"{path}: cannot be written ({error.strerror or error}).") from error


def _error_for(path: Path, error: BaseException | None) -> MilanError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(
            f"{path}: the disk is full. What was stored before is kept; "
            f"free some space and run the same command again."
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CatalogBusy(f"{path}: another process is writing to this catalog. Wait for it, and try again.")
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return NotACatalog(
            f"{path}: not a readable catalog ({error}); restore a copy, or start over with --fresh."
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return CatalogError(
            f"{path}: the catalog cannot be used here ({error}); copy it to a folder you can write."
        )
    return None


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin in _begin, not where the driver guesses
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "PRAGMA synchronous = NORMAL"
    )  # a power cut may lose the last commit, never harm (WAL)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _sorted_json(value: Any) -> str:
    """JSON columns: equal values are equal bytes, in whatever order their keys came."""
    return json.dumps(value, sort_keys=True)


def _begin(connection: Connection) -> None:
    # A transaction that starts by reading and then writes could fail half-way with "busy".
    kind = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _starts_like_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}).") from error


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
