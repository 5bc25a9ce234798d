"""The images of a run: paths, contents, and the side that each serves."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from jaxtyping import Int64

from milan.errors import BadSetting, DataError
from milan.records import content_key

__all__ = ["Manifest", "Side", "Skipped"]

_SUFFIXES = (
    *(".avif", ".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".npy", ".pbm"),
    *(".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"),
)


class Side(StrEnum):
    """What an image is used for."""

    EXEMPLAR = "exemplar"
    """It may become an exemplar, and its activations set the thresholds."""
    MEASURING = "measuring"
    """It is only measured, so that descriptions can be judged on images they were not made from."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An image that was left out."""

    path: str
    """POSIX path relative to the folder."""
    reason: str


@dataclass(frozen=True)
class Manifest:
    """Images in a fixed order: sorted relative paths, those of `measure_on` behind."""

    folder: Path
    paths: tuple[str, ...]
    """POSIX paths relative to `folder` (for measured images, to `measure_on` when given)."""
    hashes: tuple[str, ...]
    """sha256 of each file's bytes."""
    sides: tuple[Side, ...]
    measure_on: Path | None = None
    skipped: tuple[Skipped, ...] = field(default=())
    """Files that could not be read at all."""

    @classmethod
    def scan(
        cls, folder: Path, *, limit: int | None = None, measure_on: Path | None = None, seed: int = 0
    ) -> Self:
        """List the images under a folder; DataError when there are none.

        An image's content sends it to a side for ever: about two thirds to exemplars, and copies of one
        picture to the same side. With `measure_on`, the first folder serves exemplars and the other is
        measured. `limit` draws that many images of each folder by `seed` and path.
        """
        main, skipped = _contents(folder, limit, seed)
        sides = [_side_of(content) for _, content in main]
        apart: list[tuple[str, str]] = []
        if measure_on is not None:
            apart, also_skipped = _contents(measure_on, limit, seed)
            skipped += also_skipped
        if measure_on is not None or Side.EXEMPLAR not in sides:  # a handful may all fall on one side
            sides = [Side.EXEMPLAR] * len(main)
        return cls(
            folder,
            tuple(path for path, _ in main + apart),
            tuple(content for _, content in main + apart),
            tuple(sides + [Side.MEASURING] * len(apart)),
            measure_on,
            tuple(skipped),
        )

    def __len__(self) -> int:
        return len(self.paths)

    @cached_property
    def hash(self) -> str:
        """One hash over paths, contents and sides, in order."""
        return content_key([self.paths, self.hashes, self.sides])

    def file(self, position: int) -> Path:
        """Where an image lies."""
        if self.measure_on is not None and self.sides[position] is Side.MEASURING:
            return self.measure_on / self.paths[position]
        return self.folder / self.paths[position]

    def sample(self, n: int) -> Int64[np.ndarray, " image"]:
        """Positions of n measuring images (all when fewer), drawn by content, sorted."""
        measuring = [at for at, side in enumerate(self.sides) if side is Side.MEASURING]
        drawn = sorted(measuring, key=lambda at: (self.hashes[at], at))[:n]
        return np.array(sorted(drawn), np.int64)


def _side_of(content: str) -> Side:
    # The hash's end: its beginning orders the sample and must not depend on the side.
    return Side.MEASURING if int(content[-8:], 16) % 3 == 2 else Side.EXEMPLAR


def _contents(folder: Path, limit: int | None, seed: int) -> tuple[list[tuple[str, str]], list[Skipped]]:
    if limit is not None and limit < 1:
        raise BadSetting(f"limit must be at least 1, got {limit}")
    if not folder.is_dir():
        raise DataError(f"no folder {str(folder)!r}: give a folder of images")
    paths = sorted(_image_paths(folder))
    if limit is not None and len(paths) > limit:
        drawn = sorted(paths, key=lambda path: hashlib.sha256(f"{seed}:{path}".encode()).digest())
        paths = sorted(drawn[:limit])
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda path: _content_of(folder, path), paths))
    contents = [(path, content) for path, content in found if not isinstance(content, Skipped)]
    if not contents:
        raise DataError(
            f"no images under {str(folder)!r}: looked for {', '.join(_SUFFIXES)} in all its folders"
        )
    return contents, [content for _, content in found if isinstance(content, Skipped)]


def _content_of(folder: Path, path: str) -> tuple[str, str | Skipped]:
    try:
        with open(folder / path, "rb") as file:
            return path, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return path, Skipped(path, error.strerror or str(error))


def _image_paths(folder: Path) -> Iterator[str]:
    entered: set[Path] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = Path(place).resolve()
        if real in entered:  # a link that leads back up
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES and _is_text(name):
                yield (Path(place) / name).relative_to(folder).as_posix()


def _is_text(name: str) -> bool:
    """Whether a file's name is text; catalogs and exports can hold no other."""
    return name.isprintable() or name.encode(errors="ignore").decode() == name
