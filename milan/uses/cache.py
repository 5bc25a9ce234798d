"""Where states are kept between runs."""

import os
from pathlib import Path

__all__ = ["cache_dir"]


def cache_dir() -> Path:
    """`MILAN_CACHE_DIR`, or the platform's own cache folder; made when missing."""
    chosen = os.environ.get("MILAN_CACHE_DIR")
    if chosen:
        folder = Path(chosen).expanduser()
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("milan")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
