"""Files that milan reads: those that ship with it, and plain text."""

from pathlib import Path

from milan.errors import DataError

__all__ = ["read_lines", "shipped_file"]

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


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, with any kind of line ending; DataError when it cannot be read."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DataError(f"{path} is not UTF-8 (byte {problem.start}): convert it first") from problem
    except OSError as problem:
        raise DataError(f"{path} cannot be read: {problem.strerror}") from problem
    lines = text.split("\n")  # not splitlines, which also splits at signs that may be words
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
