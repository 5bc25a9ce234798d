"""Writing the shortcut's pictures as folders of classes.

python -m milan.scenes.shortcut.folders --seed 0 --output shortcut/

shortcut/train/dog/0000.png           every second one says DOG, the others nothing
shortcut/validation/dog/0000.png      likewise
shortcut/clean-validation/, shortcut/clean-test/   no words
shortcut/adversarial-test/dog/0000.png             the picture of clean-test, and it says CAT
shortcut/words.jsonl                  {"image": "train/dog/0000.png", "word": "dog", "box": [3, 2, 31, 13]}
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.scene import Box
from milan.scenes.shortcut.pictures import CLASSES, draw, with_word

__all__ = ["SPLITS", "WORDS_FILE", "Sizes", "write_folders"]

SPLITS: tuple[str, ...] = ("train", "validation", "clean-validation", "clean-test", "adversarial-test")
"""Names of the folders."""
WORDS_FILE = "words.jsonl"
"""Name of the file that says what is written where."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures a class in each folder."""

    train: int = 160
    """Half of them with their name; at least 2."""
    validation: int = 80
    """Likewise."""
    clean_validation: int = 240
    """Without words: they say how many units may go, and few would say it by luck."""
    test: int = 100
    """In each of the two test folders."""

    def __post_init__(self) -> None:
        if min(self.train, self.validation) < 2 or min(self.clean_validation, self.test) < 1:
            raise BadSetting(f"each folder holds pictures with and without words of every class, got {self}")

    def of(self, split: str) -> int:
        """Pictures a class of one of `SPLITS`."""
        return {
            "train": self.train,
            "validation": self.validation,
            "clean-validation": self.clean_validation,
        }.get(split, self.test)


def write_folders(folder: Path, seed: int, sizes: Sizes | None = None) -> int:
    """Draw all pictures and write them; returns their number. Equal arguments give equal bytes.

    Raises BadSetting for a negative seed or sizes that leave a folder without pictures.
    """
    if seed < 0:
        raise BadSetting(f"a seed is at least 0, got {seed}")
    chosen = sizes or Sizes()
    for split in SPLITS:
        for name in CLASSES:
            (folder / split / name).mkdir(parents=True, exist_ok=True)
    aside = folder / f"{WORDS_FILE}.part"
    n_pictures = 0
    with aside.open("w", encoding="utf-8") as lines:
        for split in SPLITS[:-1]:
            for name in CLASSES:
                for number in range(chosen.of(split)):
                    for made in _made(split, name, number, seed):
                        Image.fromarray(made.picture).save(folder / made.image, compress_level=1)
                        n_pictures += 1
                        if made.word is not None:
                            line = {"image": made.image, "word": made.word, "box": made.box}
                            lines.write(json.dumps(line) + "\n")
    aside.replace(folder / WORDS_FILE)
    return n_pictures


class _Made(NamedTuple):
    image: str
    picture: UInt8[np.ndarray, "height width 3"]
    word: str | None = None
    box: Box | None = None


def _made(split: str, name: str, number: int, seed: int) -> Iterator[_Made]:
    """One picture of a folder; after one of clean-test, the same with a wrong name."""
    classes = list(CLASSES)
    rng = np.random.default_rng((seed, SPLITS.index(split), classes.index(name), number))
    picture = draw(name, rng)
    image = f"{name}/{number:04d}.png"
    if split in ("train", "validation") and number % 2 == 0:
        yield _Made(f"{split}/{image}", *_said(picture, name, rng))
        return
    yield _Made(f"{split}/{image}", picture)
    if split == "clean-test":
        wrong = str(rng.choice([other for other in classes if other != name]))
        yield _Made(f"adversarial-test/{image}", *_said(picture, wrong, rng))


def _said(
    picture: UInt8[np.ndarray, "height width 3"], word: str, rng: np.random.Generator
) -> tuple[UInt8[np.ndarray, "height width 3"], str, Box]:
    worded = with_word(picture, word, rng)
    return worded.picture, word, worded.box


def main() -> None:
    """Parse the command line and write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--output", type=Path, required=True)
    asked.add_argument("--seed", type=int, default=0)
    for field in fields(Sizes):
        flag = f"--{field.name.replace('_', '-')}"
        asked.add_argument(flag, type=int, default=field.default, help="pictures a class")
    given = vars(asked.parse_args())
    write_folders(given.pop("output"), given.pop("seed"), Sizes(**given))


if __name__ == "__main__":
    main()
