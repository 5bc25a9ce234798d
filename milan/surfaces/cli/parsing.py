"""Texts of options turned into values, with one line for a mistake."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from milan.errors import UsageError

__all__ = [
    "UnitGroup",
    "channel_values",
    "latent_shape",
    "layer_pairs",
    "named_folders",
    "picture_file",
    "shares",
    "unit_group",
    "unit_set",
]


class UnitGroup(NamedTuple):
    """Some units of one layer."""

    layer: str
    units: frozenset[int]


def unit_group(text: str) -> UnitGroup:
    """Units of a layer, written `layer:3,7,20-29`.

    >>> unit_group("blocks.6:3,7")
    UnitGroup(layer='blocks.6', units=frozenset({3, 7}))
    """
    layer, colon, units = text.rpartition(":")
    if not layer or not colon:
        raise UsageError(f"--group is written layer:3,7,20-29, got {text!r}")
    return UnitGroup(layer, _numbers(units, text, "--group is written layer:3,7,20-29"))


def unit_set(text: str | None) -> frozenset[int] | None:
    """Units written `0-99` or `3,7,20-29`.

    >>> sorted(unit_set("1,4-6"))
    [1, 4, 5, 6]
    """
    return None if text is None else _numbers(text, text, "--units is written 0-99 or 3,7,20-29")


def _numbers(text: str, given: str, how_written: str) -> frozenset[int]:
    chosen: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", part)
        if not found or (found[2] and int(found[2]) < int(found[1])):
            raise UsageError(f"{how_written}, got {given!r}")
        chosen.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return frozenset(chosen)


def latent_shape(text: str | None) -> tuple[int, ...] | None:
    """The shape of a latent, sides separated by x.

    >>> latent_shape("128"), latent_shape("4x32x32")
    ((128,), (4, 32, 32))
    """
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]*(x[1-9][0-9]*)*", text):
        raise UsageError(f"--latent-size is written 128 or 4x32x32, got {text!r}")
    return tuple(int(side) for side in text.split("x"))


def channel_values(text: str | None, option: str) -> tuple[float, ...] | None:
    """One number a channel, separated by commas.

    >>> channel_values("0.5,0.25", "--mean")
    (0.5, 0.25)
    """
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"{option} is one number a channel, such as 0.5,0.5,0.5; got {text!r}") from None


def layer_pairs(given: Sequence[str]) -> list[tuple[str, str]]:
    """Layers of two networks, each pair written `FIRST=SECOND`.

    >>> layer_pairs(["layer4=blocks.6"])
    [('layer4', 'blocks.6')]
    """
    pairs = [(first, second) for first, _, second in (text.partition("=") for text in given)]
    for text, (first, second) in zip(given, pairs, strict=True):
        if not (first and second):
            raise UsageError(f"two layers are written FIRST=SECOND, such as layer4=blocks.6, got {text!r}")
    return pairs


def named_folders(given: Sequence[str]) -> dict[str, Path]:
    """Folders by name, from `NAME=DIR`; UsageError for anything else and for a name given twice.

    >>> named_folders(["adversarial=photos/adv"])["adversarial"].as_posix()
    'photos/adv'
    """
    found: dict[str, Path] = {}
    for text in given:
        name, is_named, folder = text.partition("=")
        if not (name and is_named and folder):
            raise UsageError(f"a test set is written NAME=DIR, such as adversarial=photos/adv, got {text!r}")
        if name in found:
            raise UsageError(f"two test sets are called {name!r}: give each a name of its own")
        found[name] = Path(folder)
    return found


def shares(text: str) -> tuple[float, ...]:
    """Shares written `0,0.05,0.1`, or as a range with its step.

    >>> shares("0-0.2/0.1"), shares("0,0.5")
    ((0.0, 0.1, 0.2), (0.0, 0.5))
    """
    number = r"\s*(\d*\.?\d+)\s*"
    found = re.fullmatch(f"{number}-{number}/{number}", text)
    if found:
        first, last, step = map(float, found.groups())
        if step > 0 and last >= first:
            return tuple(
                round(first + place * step, 6) for place in range(int((last - first) / step + 1e-6) + 1)
            )
    elif re.fullmatch(f"{number}(,{number})*", text):
        return tuple(float(part) for part in text.split(","))
    raise UsageError(f"--fractions is written 0,0.05,0.1 or 0-0.2/0.02, got {text!r}")


def picture_file(path: Path) -> Path:
    """Where a picture is to be written; UsageError where it could not be, before it is drawn.

    >>> picture_file(Path("unit.txt"))
    Traceback (most recent call last):
    milan.errors.UsageError: a picture ends in .png, .jpg or .webp, got unit.txt
    """
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise UsageError(f"a picture ends in .png, .jpg or .webp, got {path}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path}: there is no folder {str(path.parent)!r}; make it first")
    return path
