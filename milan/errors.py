"""What can go wrong, as one tree.

MilanError
├── UsageError             the request cannot be understood          (exit code 2)
│   ├── UnknownName        no such layer, network, captioner, ...: names the nearest
│   └── BadSetting         a value outside its range
├── NetworkError           the network cannot be opened or run
│   └── WeightsMismatch    weights do not fit the architecture
├── DataError              a folder, file or manifest cannot be used
├── StateError             a saved state does not belong to this run, or is damaged
├── EngineError            workers cannot be started, or keep dying
├── CatalogError           the catalog cannot be used
│   ├── NotACatalog
│   ├── NewerCatalog       made by a newer version of milan
│   └── CatalogBusy        another process is writing
└── StorageFull            the disk is full; what was saved before stays readable

Every message says what, with which value, and what to do.
"""

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "BadSetting",
    "CatalogBusy",
    "CatalogError",
    "DataError",
    "EngineError",
    "MilanError",
    "NetworkError",
    "NewerCatalog",
    "NotACatalog",
    "StateError",
    "StorageFull",
    "UnknownName",
    "UsageError",
    "WeightsMismatch",
    "nearest",
    "one_line",
]


class MilanError(Exception):
    """Anything that a user can mend; its text is one clear line."""

    exit_code = 1


class UsageError(MilanError):
    """The request cannot be understood."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is not among the known ones.

    >>> print(UnknownName("layer", "layer5", ["layer3", "layer4"], "List them: milan layers X"))
    no layer 'layer5'. Did you mean 'layer4'? List them: milan layers X
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        close = nearest(name, known)
        parts = [f"no {kind} {name!r}."]
        if close:
            parts.append(f"Did you mean {close!r}?")
        if hint:
            parts.append(hint)
        super().__init__(" ".join(parts))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by its text: a worker's error is raised again by who waits for it."""
        return _told_elsewhere, (type(self), str(self))


def _told_elsewhere(kind: type[MilanError], line: str) -> MilanError:
    """An error whose text is known, without what it was made of."""
    error = kind.__new__(kind)
    error.args = (line,)
    return error


class BadSetting(UsageError):
    """A value outside its range."""


class NetworkError(MilanError):
    """The network cannot be opened or run."""


class WeightsMismatch(NetworkError):
    """Weights do not fit the architecture."""


class DataError(MilanError):
    """A folder, file or manifest cannot be used."""


class StateError(MilanError):
    """A saved state does not belong to this run, or is damaged."""


class EngineError(MilanError):
    """Workers cannot be started, or keep dying."""


class CatalogError(MilanError):
    """The catalog cannot be used."""


class NotACatalog(CatalogError):
    """The file is something else."""


class NewerCatalog(CatalogError):
    """The catalog was made by a newer version of milan."""


class CatalogBusy(CatalogError):
    """Another process is writing to the catalog."""


class StorageFull(MilanError):
    """The disk is full."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to a mistyped one, or None when nothing is close.

    >>> nearest("blok.4", ["blocks.4", "classifier"])
    'blocks.4'
    """
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return found[0] if found else None


def one_line(problem: BaseException) -> str:
    """Return another library's error as one line, to be the reason within one of ours.

    >>> one_line(ValueError("sizes differ\\nat line 3")), one_line(EOFError())
    ('sizes differ', 'EOFError')
    """
    return (str(problem).strip() or type(problem).__name__).splitlines()[0]
