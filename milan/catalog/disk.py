"""Files that are written: a full disk and a refused path, told plainly."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from milan.errors import DataError, StorageFull

__all__ = ["storage_errors"]


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
