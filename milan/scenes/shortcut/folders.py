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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.scene import Box
from milan.scenes.shortcut.pictures import CLASSES, draw, with_word

__all__ = ["SPLITS", "WORDS_FILE", "Sizes", "write_folders"]

SPLITS: tuple[str, ...] = ("train", "validation", "clean-validation", "clean-test", "adversarial-test")
"""Names of the folders."""
WORDS_FILE = "words.jsonl"
"""Name of the file that says what is written where."""

_SCENES_OF = {name: name for name in SPLITS} | {"adversarial-test": "clean-test"}
"""Whose scenes a folder shows: before and after a word is written, the picture is the same."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures a class in each folder."""

    train: int = 300
    """Half of them with their name; at least 2."""
    validation: int = 100
    """Likewise."""
    clean_validation: int = 100
    """Without words."""
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
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{WORDS_FILE}.part"
    n_pictures = 0
    with aside.open("w", encoding="utf-8") as lines:
        for split in SPLITS:
            for name in CLASSES:
                (folder / split / name).mkdir(parents=True, exist_ok=True)
                for number in range(chosen.of(split)):
                    image = f"{split}/{name}/{number:04d}.png"
                    written = _write(folder / image, split, name, (seed, number))
                    n_pictures += 1
                    if written is not None:
                        word, box = written
                        lines.write(json.dumps({"image": image, "word": word, "box": box}) + "\n")
    aside.replace(folder / WORDS_FILE)
    return n_pictures


def _write(path: Path, split: str, name: str, key: tuple[int, int]) -> tuple[str, Box] | None:
    """Draw and write one picture; answers the word on it, if any, with its box."""
    seed, number = key
    place = SPLITS.index(_SCENES_OF[split]), list(CLASSES).index(name)
    rng = np.random.default_rng((seed, *place, number))
    picture, said = draw(name, rng), None
    if split == "adversarial-test":
        word: str | None = str(rng.choice([other for other in CLASSES if other != name]))
    else:
        word = name if split in ("train", "validation") and number % 2 == 0 else None
    if word is not None:
        worded = with_word(picture, word, rng)
        picture, said = worded.picture, (word, worded.box)
    Image.fromarray(picture).save(path, compress_level=1)
    return said


def main() -> None:
    """Parse the command line and write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--output", type=Path, required=True)
    asked.add_argument("--seed", type=int, default=0)
    for name, default in (("train", 300), ("validation", 100), ("clean-validation", 100), ("test", 100)):
        asked.add_argument(f"--{name}", type=int, default=default, help="pictures a class")
    given = asked.parse_args()
    write_folders(
        given.output, given.seed, Sizes(given.train, given.validation, given.clean_validation, given.test)
    )


if __name__ == "__main__":
    main()
