"""Arrays in one file, written so that a reader finds the old file or the new one, never half of either."""

import errno
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError, safe_open

from milan.errors import StateError, StorageFull

__all__ = ["read_arrays", "write_arrays"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_arrays(path: Path, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> int:
    """Write a safetensors file with a JSON header; return its bytes.

    The file is written aside, brought to the disk and renamed. StorageFull when there is no room:
    what was there before stays.
    """
    aside = path.with_name(f".{path.name}.part")
    content = safetensors.numpy.save(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()},
        {"milan": json.dumps(header, sort_keys=True)},
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(aside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise StorageFull(
                f"no room for {len(content) / 1e6:.0f} MB at {str(path)!r}: what was saved before is "
                "intact; make room and give the same command again"
            ) from error
        raise StateError(f"cannot write {str(path)!r}: {error.strerror}") from error
    return len(content)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Read header and arrays; StateError when the file is missing, damaged or something else."""
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})["milan"])
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise StateError(f"{str(path)!r} is no saved state of milan: {error}") from error
