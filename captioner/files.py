"""Where shipped data and the cache lie."""

import os
from pathlib import Path

import platformdirs

__all__ = ["cache_folder", "data_file"]

_PACKAGE = Path(__file__).resolve().parent


def data_file(relative: str) -> Path:
    """Locate a shipped file: inside the package when installed, in the repository's data/ in a checkout.

    The wheel maps `data/` to `captioner/data/`, so `captioner/lite1` is `data/captioner/lite1` of a
    checkout and `captioner/data/captioner/lite1` of an installation. The path is returned whether or not it
    exists.
    """
    installed = _PACKAGE / "data"
    root = installed if installed.is_dir() else _PACKAGE.parent / "data"
    return root / relative


def cache_folder(name: str) -> Path:
    """Make and return a folder of the cache; `MILAN_CACHE_DIR` moves the cache."""
    root = os.environ.get("MILAN_CACHE_DIR") or platformdirs.user_cache_dir("milan")
    folder = Path(root) / "captioner" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
