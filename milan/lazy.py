"""Names of a room that are loaded when first used: a quick task does not pay for a slow one."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["loads_when_used"]


def loads_when_used(room: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A module's `__getattr__` that finds each name in its home, a module below the room.

    The room imports the same names under `TYPE_CHECKING` for those who read types. No name may be that of a
    module of the room: importing the module would take its place.

    >>> loads_when_used("milan.records", {"UnitId": "units"})("UnitId").__name__
    'UnitId'
    """

    def find(name: str) -> Any:
        if name in homes:
            return getattr(import_module(f"{room}.{homes[name]}"), name)
        raise AttributeError(f"module {room!r} has no attribute {name!r}")

    return find
