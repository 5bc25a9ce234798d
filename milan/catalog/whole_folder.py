"""Folders that appear whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from milan.errors import DataError

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(path: Path, mark: str, kind: str) -> Iterator[Path]:
    """Fill the folder that is answered; at the end of the block it stands at `path`, or nothing has changed.

    What stands there is replaced if it is empty or holds the file `mark`, as all that this writes do;
    DataError when it holds anything else than such a `kind`.
    """
    if path.exists() and not _may_be_replaced(path, mark):
        raise DataError(f"{path}: holds other files than {kind}; choose another folder.")
    aside = path.with_name(f".{path.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside
        if path.exists():
            shutil.rmtree(path)
        aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _may_be_replaced(path: Path, mark: str) -> bool:
    return path.is_dir() and (not any(path.iterdir()) or (path / mark).is_file())
