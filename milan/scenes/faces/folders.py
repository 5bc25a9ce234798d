"""Writing pictures with faces, and their twins with faces blurred, as folders of classes.

python -m milan.scenes.faces.folders --seed 0 --output faces/

faces/train/original/guitar with a face/0000.png
faces/train/blurred/guitar with a face/0000.png    the same picture, its face out of focus
faces/described/original/guitar/0000.png           both networks are described on these
faces/test/original/guitar/0000.png                and its twins
faces/faces.jsonl              {"image": "test/original/...", "face": "emoji:man", "box": [3, 2, 31, 9]}
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.faces.pictures import CLASSES, Face, blurred, draw

__all__ = ["FACES_FILE", "MANNERS", "SPLITS", "Sizes", "write_folders"]

MANNERS: tuple[str, ...] = ("original", "blurred")
"""The twins: what a picture's face looks like."""
SPLITS: tuple[str, ...] = ("train", "described", "test")
"""Names of the folders; each holds one of its manners."""
FACES_FILE = "faces.jsonl"
"""Name of the file that says where the faces of originals are."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures a class in each folder, at least 1."""

    train: int = 160
    described: int = 60
    test: int = 40

    def __post_init__(self) -> None:
        if min(self.train, self.described, self.test) < 1:
            raise BadSetting(f"each folder holds pictures of every class, got {self}")


def write_folders(folder: Path, seed: int, sizes: Sizes | None = None) -> int:
    """Draw all pictures and write them; returns their number. Equal arguments give equal bytes.

    Raises BadSetting for a negative seed or sizes that leave a folder empty.
    """
    if seed < 0:
        raise BadSetting(f"a seed is at least 0, got {seed}")
    chosen = sizes or Sizes()
    for split in SPLITS:
        for manner in manners_of(split):
            for name in CLASSES:
                (folder / split / manner / name).mkdir(parents=True, exist_ok=True)
    aside = folder / f"{FACES_FILE}.part"
    n_pictures = 0
    with aside.open("w", encoding="utf-8") as lines:
        for split in SPLITS:
            for name in CLASSES:
                for number in range(getattr(chosen, split)):
                    for made in _made(split, name, number, seed):
                        Image.fromarray(made.picture).save(folder / made.image, compress_level=1)
                        n_pictures += 1
                        if made.face is not None and "/original/" in made.image:
                            lines.write(json.dumps(_line(made.image, made.face)) + "\n")
    aside.replace(folder / FACES_FILE)
    return n_pictures


def manners_of(split: str) -> tuple[str, ...]:
    """Which twins a folder holds: networks are described on originals alone, whatever they learnt from."""
    return MANNERS if split != "described" else MANNERS[:1]


class _Made(NamedTuple):
    image: str
    picture: UInt8[np.ndarray, "height width 3"]
    face: Face | None


def _made(split: str, name: str, number: int, seed: int) -> Iterator[_Made]:
    """One picture and its twins."""
    rng = np.random.default_rng((seed, SPLITS.index(split), CLASSES.index(name), number))
    picture, face = draw(name, rng)
    for manner in manners_of(split):
        seen = picture if manner == "original" or face is None else blurred(picture, face.mask)
        yield _Made(f"{split}/{manner}/{name}/{number:04d}.png", seen, face)


def _line(image: str, face: Face) -> dict[str, Any]:
    rows, columns = np.flatnonzero(face.mask.any(axis=1)), np.flatnonzero(face.mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    box = (x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y)
    return {"image": image, "face": face.concept, "box": box}


def main() -> None:
    """Parse the command line and write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--output", type=Path, required=True)
    asked.add_argument("--seed", type=int, default=0)
    for field in fields(Sizes):
        asked.add_argument(f"--{field.name}", type=int, default=field.default, help="pictures a class")
    given = vars(asked.parse_args())
    write_folders(given.pop("output"), given.pop("seed"), Sizes(**given))


if __name__ == "__main__":
    main()
