"""Where files that ship with milan lie: in `data/` of a checkout, or mapped inside an installed wheel."""

from pathlib import Path

from milan.errors import DataError

__all__ = ["shipped_file"]

_PACKAGES = Path(__file__).resolve().parents[2]


def shipped_file(relative: str) -> Path:
    """Locate a file of `data/`; raises DataError when neither place holds it.

    The wheel maps `data/` to `captioner/data/`, beside this package.
    """
    places = [_PACKAGES / "data" / relative, _PACKAGES / "captioner" / "data" / relative]
    for place in places:
        if place.is_file():
            return place
    raise DataError(
        f"{relative} is not installed; looked at {' and '.join(map(str, places))}. Reinstall milan-neurons"
    )
