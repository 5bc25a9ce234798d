"""The catalog: what was learnt of every unit, in one file or in a team's database."""

from pathlib import Path
from types import TracebackType
from typing import Self

from milan.catalog import health
from milan.catalog.backends import copy_rows, open_storage
from milan.catalog.store.searching import Searching
from milan.catalog.store.writing import Writing
from milan.errors import CatalogError
from milan.places import CatalogPlace

__all__ = ["Catalog"]


class Catalog(Writing, Searching):
    """Networks, layers, units, their exemplars and descriptions, in an SQLite file or a PostgreSQL schema.

    Every method that writes is one transaction: killed at any moment, the catalog stays readable and holds
    what was finished. Any number of processes may read while others write; of a file, a second writer gets
    CatalogBusy at once, and writers to a database take turns.
    """

    @classmethod
    def open(cls, place: str | Path | CatalogPlace, *, create: bool = False, fresh: bool = False) -> Self:
        """Open a catalog, an older one being brought up to date; `place`: a file, or a database's address.

        `create` makes a missing one; `fresh` makes it anew, forgetting what it held (another kind of file is
        never touched). Raises DataError when missing, NotACatalog, NewerCatalog, CatalogBusy.
        """
        storage = open_storage(CatalogPlace.parse(place))
        try:
            unmade = storage.is_unmade()
            if not unmade:
                storage.check()
            if fresh and not unmade:
                storage.remove()
            if fresh or (create and unmade):
                storage.make()
            storage.check()
        except BaseException:
            storage.close()
            raise
        return cls(storage)

    @classmethod
    def check(cls, place: str | Path | CatalogPlace) -> None:
        """Raise what opening for writing would raise, and make nothing: cheap, before long work begins."""
        storage = open_storage(CatalogPlace.parse(place))
        try:
            if not storage.is_unmade():
                storage.check()
            storage.lock()
        finally:
            storage.close()

    @property
    def place(self) -> CatalogPlace:
        """Where it is."""
        return self._storage.place

    def close(self) -> None:
        """Let others write."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def copy(self, to: str | Path | CatalogPlace) -> int:
        """Write all that the catalog holds to another place, made when missing; how many rows it takes.

        Every number stays as it is, so that exports of both are equal byte by byte. Raises CatalogError where
        anything is at the other place, and whatever `open` does.
        """
        with Catalog.open(to, create=True) as target:
            if target.layers() or target.opinions(limit=1):
                raise CatalogError(f"{target.place}: holds a catalog already; copy to a place that has none.")
            return copy_rows(self._storage, target._storage)

    def n_bytes(self) -> int:
        """Room that it takes on disk."""
        return self._storage.n_bytes()

    def troubles(self) -> list[health.Trouble]:
        """What is wrong with the catalog; reads all of it."""
        with self._storage.reading() as connection:
            return health.find_troubles(connection)

    def mend(self, backup: Path) -> None:
        """Mend what can be without losing anything that is shown; `backup` gets the file as it was."""
        self._storage.lock()
        self._storage.copy(backup)
        with self._storage.writing() as connection:
            health.mend(connection)

    def _repr_html_(self) -> str:
        """What a notebook shows: the layers, and how much of each is described."""
        from milan.catalog.notebook import catalog_html

        return catalog_html(self)
