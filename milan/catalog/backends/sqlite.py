"""The SQLite file under a catalog: recognised, migrated, locked for one writer, its errors told plainly."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from milan.catalog.backends.storage import MAKE_ONE, Storage, sorted_json
from milan.catalog.disk import storage_errors
from milan.errors import CatalogBusy, CatalogError, DataError, MilanError, NotACatalog, StorageFull
from milan.places import CatalogPlace

__all__ = ["APPLICATION_ID", "SqliteFile"]

APPLICATION_ID = 0x4D494C4E  # "MILN", in the file's header: tells a catalog from other SQLite files
BUSY_MILLISECONDS = 2000
CACHE_KIB = 16 * 1024


class SqliteFile(Storage):
    """One SQLite file. Any number of processes read; the first to write keeps others from it until closed."""

    def __init__(self, place: CatalogPlace) -> None:
        self.path = place.path
        self._lock = FileLock(f"{self.path}.lock", timeout=0)
        self._turn = threading.RLock()
        # A connection for every transaction: iterators read while others write, and none outlives its use.
        # mode=rw: a catalog that was moved away is an error, not a new empty file.
        address = URL.create(
            "sqlite+pysqlite", database=self.path.absolute().as_uri(), query={"mode": "rw", "uri": "true"}
        )
        engine = create_engine(address, poolclass=NullPool, json_serializer=sorted_json)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        super().__init__(place, engine, {})
        self._writer = engine.execution_options(writes=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; CatalogBusy at once when another process (or catalog object) writes."""
        self.lock()
        with self.plain_errors(), self._writer.begin() as connection:
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
        """Make the tables in a file that does not exist or is empty, or bring them up to date."""
        self.lock()
        with storage_errors(self.path):
            self.path.touch()
        with self.plain_errors(), contextlib.closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        with self.writing() as connection:
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            self.migrate(connection)

    def recognise(self) -> None:
        """Raise DataError for a missing file, NotACatalog for another kind of it."""
        if not self.path.exists():
            raise DataError(f"{self.path}: no such catalog; {MAKE_ONE} {self.path}")
        if not self.path.is_file() or not _starts_like_sqlite(self.path):
            raise NotACatalog(f"{self.path}: not a milan catalog; {MAKE_ONE} OTHER.db")
        with self.reading() as connection:
            if connection.scalar(text("PRAGMA application_id")) != APPLICATION_ID:
                raise NotACatalog(
                    f"{self.path}: an SQLite file, but not a milan catalog; {MAKE_ONE} OTHER.db"
                )

    def is_unmade(self) -> bool:
        """Whether there is nothing yet: no file, an empty one, or one whose making was cut off."""
        if not self.path.exists() or (self.path.is_file() and self.path.stat().st_size == 0):
            return True
        if not self.path.is_file() or not _starts_like_sqlite(self.path):
            return False
        with self.reading() as connection:
            return not connection.scalar(text("SELECT count(*) FROM sqlite_schema"))

    def remove(self) -> None:
        """Delete the file and its log."""
        self.lock()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def copy(self, to: Path) -> None:
        """Write the catalog as it is to a new file; DataError when there is one already."""
        if to.exists():
            raise DataError(f"{to}: there is such a file already; move it away, it may be a good copy.")
        with (
            self.plain_errors(),
            contextlib.closing(self.engine.raw_connection()) as connection,
            contextlib.closing(sqlite3.connect(to)) as target,
        ):
            source = connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)

    def n_bytes(self) -> int:
        """Of the file."""
        return self.path.stat().st_size

    @contextlib.contextmanager
    def briefly(self) -> Iterator[None]:
        """Be the writer within a block; whoever was it before stays it. Threads wait for one another."""
        with self._turn:
            was_locked = self._lock.is_locked
            self.lock()
            try:
                yield
            finally:
                if not was_locked:
                    self._unlock()

    def stamp(self) -> tuple[int, ...]:
        """When the file and its log were written, and their sizes."""
        found: list[int] = []
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                stat = Path(f"{self.path}{suffix}").stat()
                found += (stat.st_mtime_ns, stat.st_size)
        return tuple(found)

    def is_next(self, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
        """Nobody else writes meanwhile."""
        return True

    def close(self) -> None:
        """Let others write."""
        self.engine.dispose()
        self._unlock()

    def told(self, error: BaseException | None) -> MilanError | None:
        """SQLite's error codes as ours."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return StorageFull(
                f"{self.path}: the disk is full. What was stored before is kept; "
                f"free some space and run the same command again."
            )
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return CatalogBusy(
                f"{self.path}: another process is writing to this catalog. Wait for it, and try again."
            )
        undecodable = "Could not decode" in str(error)  # text that is no UTF-8; it has no code of its own
        if undecodable or code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return NotACatalog(
                f"{self.path}: not a readable catalog ({str(error)[:80]}); restore a copy, or start over "
                "with --fresh."
            )
        if code in (
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_PERM,
        ):
            return CatalogError(
                f"{self.path}: the catalog cannot be used here ({error}); copy it to a folder you can write."
            )
        return None

    def _unlock(self) -> None:
        if self._lock.is_locked:
            with contextlib.suppress(
                OSError
            ):  # Windows keeps the name of an open file; a left-over lock is harmless
                Path(self._lock.lock_file).unlink()
            self._lock.release()


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin in _begin, not where the driver guesses
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "PRAGMA synchronous = NORMAL"
    )  # a power cut may lose the last commit, never harm (WAL)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


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
