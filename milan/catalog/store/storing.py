"""What every part of a catalog stands on: where it is kept, and what was read of it before."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from milan.catalog.backends import Storage

__all__ = ["Storing"]

T = TypeVar("T")


class Storing:
    """Holds the storage, and remembers what takes long to read until the catalog changes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[tuple[str, str | None], tuple[tuple[int, ...], Any]] = {}
        self._reading = defaultdict[tuple[str, str | None], threading.Lock](threading.Lock)

    def _remembered(self, what: tuple[str, str | None], read: Callable[[], T]) -> T:
        """What was read before, or, when the file has changed, is read now."""
        with self._reading[what]:  # what takes long to read is read once, however many ask
            stamp = self._storage.stamp()
            known = self._known.get(what)
            if known is None or known[0] != stamp:
                known = self._known[what] = (stamp, read())
        found: T = known[1]
        return found
