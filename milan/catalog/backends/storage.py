"""What keeps a catalog: read and written in transactions, migrated, its errors told plainly."""

import contextlib
import json
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from milan.errors import CatalogError, MilanError, NewerCatalog, one_line
from milan.places import CatalogPlace

__all__ = ["MAKE_ONE", "MIGRATIONS", "NEWEST", "Storage", "sorted_json"]

NEWEST = "0011"
"""The migration that this version of milan writes and reads."""

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MAKE_ONE = "make one: milan describe MODEL --images DIR --catalog"


class Storage(ABC):
    """A file or a database. Any number of processes read; how many write at once is the back end's affair."""

    def __init__(self, place: CatalogPlace, engine: Engine, read: Mapping[str, Any]) -> None:
        """`read` are execution options that give a transaction one unchanging view."""
        self.place = place
        self.engine = engine
        self._reader = engine.execution_options(**read)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the catalog, whatever others write meanwhile."""
        with self.plain_errors(), self._reader.begin() as connection:
            yield connection

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it is kept, or nothing.

        Raises CatalogBusy when another writes and does not end soon, StorageFull when the disk is full.
        """

    @abstractmethod
    def lock(self) -> None:
        """Make sure that this process may write until closed; CatalogBusy or CatalogError where not."""

    @abstractmethod
    def briefly(self) -> AbstractContextManager[None]:
        """Be a writer within a block; whoever was it before stays it."""

    @abstractmethod
    def is_unmade(self) -> bool:
        """Whether there is nothing yet, or only what was left when its making was cut off."""

    @abstractmethod
    def make(self) -> None:
        """Make the tables where there are none; done by others meanwhile, it is done."""

    @abstractmethod
    def remove(self) -> None:
        """Delete the catalog, to start over."""

    @abstractmethod
    def copy(self, to: Path) -> None:
        """Write the catalog as it is to a new file; DataError when there is one already."""

    @abstractmethod
    def n_bytes(self) -> int:
        """Room that it takes."""

    @abstractmethod
    def stamp(self) -> tuple[int, ...]:
        """What changes whenever anybody writes."""

    @abstractmethod
    def is_next(self, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
        """Whether only one transaction of ours, made by `briefly`, lies between two stamps."""

    @abstractmethod
    def close(self) -> None:
        """Let others write."""

    @abstractmethod
    def recognise(self) -> None:
        """Raise DataError where nothing is, and NotACatalog where something else is."""

    @abstractmethod
    def told(self, error: BaseException | None) -> MilanError | None:
        """The driver's error as one plain line; None for what no user can mend."""

    def check(self) -> None:
        """Raise unless here is a catalog of a known version; bring an older one up to date."""
        self.recognise()
        with self.reading() as connection:
            revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if revision == NEWEST:
            return
        if revision not in _known_revisions():
            raise NewerCatalog(
                f"{self.place}: made by a newer version of milan (catalog revision {revision!r}, "
                f"this one knows {NEWEST!r}). Update: pip install -U milan-neurons"
            )
        with self.briefly():  # who only reads it afterwards keeps nobody from writing
            self.make()

    @contextlib.contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Tell the driver's errors as ours."""
        try:
            yield
        except DBAPIError as error:
            told = self.told(error.orig)
            if told is None:
                raise
            raise told from error
        except (ValueError, zlib.error) as error:  # packed arrays, JSON: the fault of a disk, or of somebody
            raise CatalogError(
                f"{self.place}: something in it is damaged ({one_line(error)}); restore a copy, or start "
                "over with --fresh."
            ) from error

    @staticmethod
    def migrate(connection: Connection) -> None:
        """Bring the tables to the newest revision, within the connection's transaction."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def sorted_json(value: Any) -> str:
    """JSON columns: equal values are equal bytes, in whatever order their keys came."""
    return json.dumps(value, sort_keys=True)


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
