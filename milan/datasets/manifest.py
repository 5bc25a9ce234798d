"""The images of a run: paths, contents, and the side that each serves."""

import hashlib
import os
from collections.abc import Iterator, Sequence
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

__all__ = ["Manifest", "Side", "Skipped", "side_of"]

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
    """Images in a fixed order: sorted relative paths, those of `measure_on` behind them."""

    folder: Path
    paths: tuple[str, ...]
    """POSIX paths relative to `folder`; with `measure_on` some lead out of it."""
    hashes: tuple[str, ...]
    """sha256 of each file's bytes."""
    sides: tuple[Side, ...]
    skipped: tuple[Skipped, ...] = field(default=())
    """Files that could not be read at all."""

    @classmethod
    def scan(
        cls, folder: Path, *, limit: int | None = None, measure_on: Path | None = None, seed: int = 0
    ) -> Self:
        """List the images under a folder; DataError when there are none.

        An image's content sends it to a side for ever: about two thirds to exemplars, and copies of one
        picture to the same side. With `measure_on`, only images of that folder are measured (it may lie
        inside the first) and all others serve exemplars. `limit` draws that many images of each folder by
        `seed` and path.
        """
        apart = [] if measure_on is None else _listed(measure_on, limit, seed, below=folder)
        main = [path for path in _listed(folder, limit, seed, below=folder) if path not in set(apart)]
        with ThreadPoolExecutor(2) as pool:
            contents = list(pool.map(lambda path: _content_of(folder, path), main + apart))
        skipped = tuple(content for content in contents if isinstance(content, Skipped))
        read = [
            (path, content)
            for path, content in zip(main + apart, contents, strict=True)
            if isinstance(content, str)
        ]
        if measure_on is None:
            sides = [side_of(content) for _, content in read]
            if Side.EXEMPLAR not in sides:  # a handful may all fall on one side
                sides = [Side.EXEMPLAR] * len(read)
        else:
            measured = set(apart)
            sides = [Side.MEASURING if path in measured else Side.EXEMPLAR for path, _ in read]
        if Side.EXEMPLAR not in sides:
            raise DataError(f"no image under {str(folder)!r} can be read and serve exemplars")
        return cls(
            folder,
            tuple(path for path, _ in read),
            tuple(content for _, content in read),
            tuple(sides),
            skipped,
        )

    @classmethod
    def of(cls, folder: Path, paths: Sequence[str]) -> Self:
        """The images of a list that was made before, as they are today, each on the side of its content.

        DataError names the first that is gone or cannot be read.
        """
        with ThreadPoolExecutor(2) as pool:
            contents = list(pool.map(lambda path: _content_of(folder, path), paths))
        hashes = [content for content in contents if isinstance(content, str)]
        for content in contents:
            if isinstance(content, Skipped):
                raise DataError(f"{content.path}: {content.reason}")
        return cls(folder, tuple(paths), tuple(hashes), tuple(side_of(content) for content in hashes))

    @staticmethod
    def check(folder: Path) -> None:
        """Raise DataError unless there is a folder with an image in it; stops at the first."""
        if not folder.is_dir():
            raise DataError(f"no folder {str(folder)!r}: give a folder of images")
        if next(_image_paths(folder), None) is None:
            raise DataError(
                f"no images under {str(folder)!r}: looked for {', '.join(_SUFFIXES)} in all its folders"
            )

    def __len__(self) -> int:
        return len(self.paths)

    @cached_property
    def hash(self) -> str:
        """One hash over paths, contents and sides, in order."""
        return content_key([self.paths, self.hashes, self.sides])

    def file(self, position: int) -> Path:
        """Where an image lies."""
        return self.folder / self.paths[position]

    def sample(self, n: int, side: Side = Side.MEASURING) -> Int64[np.ndarray, " image"]:
        """Positions of n images of a side (all when fewer), drawn by content, sorted."""
        of_side = [at for at, its in enumerate(self.sides) if its is side]
        drawn = sorted(of_side, key=lambda at: (self.hashes[at], at))[:n]
        return np.array(sorted(drawn), np.int64)


def side_of(content: str) -> Side:
    """The side of a content, by its hash in hexadecimal digits: a third of them measure."""
    # The hash's end: its beginning orders the sample and must not depend on the side.
    return Side.MEASURING if int(content[-8:], 16) % 3 == 2 else Side.EXEMPLAR


def _listed(folder: Path, limit: int | None, seed: int, below: Path) -> list[str]:
    """Sorted paths of a folder's images, relative to `below`."""
    if limit is not None and limit < 1:
        raise BadSetting(f"limit must be at least 1, got {limit}")
    Manifest.check(folder)
    paths = sorted(_image_paths(folder))
    if limit is not None:
        paths = sorted(sorted(paths, key=lambda path: _drawn_order(seed, path))[:limit])
    lead = Path(os.path.relpath(folder.resolve(), below.resolve()))
    return [(lead / path).as_posix() for path in paths]


def _drawn_order(seed: int, path: str) -> bytes:
    return hashlib.sha256(f"{seed}:{path}".encode()).digest()


def _content_of(folder: Path, path: str) -> str | Skipped:
    try:
        if (folder / path).exists() and not (folder / path).is_file():  # a pipe would be waited for
            return Skipped(path, "not a plain file")
        with open(folder / path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Skipped(path, error.strerror or str(error))


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
            path = (Path(place) / name).relative_to(folder).as_posix()
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES and _is_text(path):
                yield path


def _is_text(path: str) -> bool:
    """Whether a path is valid text; catalogs and exports can hold no other."""
    return path.encode(errors="ignore").decode() == path
