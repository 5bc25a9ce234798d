"""Activations of words: one row a word, one column a unit, on disk and read where they are needed.

A folder of activations holds

    words.txt               the words that have activations, a word a line
    places.npy              [word, 2]: the sentence and the place of each in the text that was read
    LAYER.npy               [word, unit], float32, one file a layer
    extraction.json         {"layers": [their names in order], "n_sentences": of the text}, and what made them
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int64

from milan.errors import BadSetting, DataError, UnknownName, one_line
from milan.records.files import read_lines
from milan.texts.annotated import read_annotated
from milan.texts.sentences import Sentences

__all__ = ["RECORD", "Activations", "Unit"]

RECORD = "extraction.json"


@dataclass(frozen=True, order=True, slots=True)
class Unit:
    """A column of joined layers, by layer and index."""

    layer: str
    index: int

    def __str__(self) -> str:
        return f"{self.layer}/{self.index}"


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """Layers of a network on the words of a text."""

    words: Sentences
    layers: dict[str, Float[np.ndarray, "word unit"]]
    """Views of files, in the network's order."""
    record: dict[str, Any]
    """What made them; empty for a matrix from elsewhere."""

    @classmethod
    def open(cls, path: Path, words: Path | None = None) -> Self:
        """A folder of ours, or a `.npy` or `.safetensors` file of [word, unit] with its words beside it.

        Tensors of a `.safetensors` file are layers, in the order of their names. DataError for what does not
        line up, with both numbers.
        """
        found = cls._of_folder(path) if path.is_dir() else cls._of_file(path, words)
        for name, matrix in found.layers.items():
            if matrix.ndim != 2 or len(matrix) != len(found.words):
                raise DataError(
                    f"{path}: {name} has the shape {matrix.shape}, its text {len(found.words)} words: "
                    "a matrix has a row a word and a column a unit"
                )
        return found

    @classmethod
    def _of_folder(cls, folder: Path) -> Self:
        if not (folder / RECORD).is_file():
            raise DataError(f"{folder} holds no activations: {RECORD} is missing")
        record = json.loads((folder / RECORD).read_text("utf-8"))
        read = read_lines(folder / "words.txt")
        places = np.load(folder / "places.npy")
        if len(places) != len(read):
            raise DataError(f"{folder}: {len(places)} places for {len(read)} words; extract it again")
        words = Sentences(tuple(read), places[:, 0], places[:, 1], int(record["n_sentences"]))
        layers = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in record["layers"]}
        return cls(words, layers, record)

    @classmethod
    def _of_file(cls, path: Path, words: Path | None) -> Self:
        if not path.exists():
            raise DataError(f"{path}: there is no such folder or file of activations")
        if words is None:
            raise BadSetting(
                f"{path} is a matrix alone: give its words too (--words FILE, a sentence a line)"
            )
        try:
            if path.suffix == ".npy":
                layers = {path.stem: np.load(path, mmap_mode="r")}
            elif path.suffix == ".safetensors":
                from safetensors.numpy import load_file

                layers = dict(sorted(load_file(path).items()))
            else:
                raise BadSetting(f"{path}: activations are a folder, a .npy or a .safetensors file")
        except (OSError, ValueError) as problem:
            raise DataError(f"{path} cannot be read as activations: {one_line(problem)}") from problem
        return cls(read_annotated(words).sentences, layers, {})

    def units(self, layers: tuple[str, ...] = ()) -> list[Unit]:
        """The columns of `matrix`, in order."""
        return [Unit(name, index) for name, part in self._asked(layers) for index in range(part.shape[1])]

    def matrix(
        self, layers: tuple[str, ...] = (), words: Int64[np.ndarray, " some"] | None = None
    ) -> Float[np.ndarray, "some unit"]:
        """Some layers joined (all, without names), of some words; UnknownName for any other layer."""
        parts = [part if words is None else part[words] for _, part in self._asked(layers)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def _asked(self, layers: tuple[str, ...]) -> list[tuple[str, Float[np.ndarray, "word unit"]]]:
        for name in layers:
            if name not in self.layers:
                raise UnknownName("layer", name, self.layers, f"There are {', '.join(self.layers)}")
        return [(name, part) for name, part in self.layers.items() if not layers or name in layers]

    def rows_of(self, text: Sentences) -> Int64[np.ndarray, " word"]:
        """The row of every word of a text, -1 for a word without activations.

        DataError at the first word that is another in the activations, or of sentences that are not there.
        """
        place = {
            (int(sentence), int(position)): row
            for row, (sentence, position) in enumerate(
                zip(self.words.sentence, self.words.position, strict=True)
            )
        }
        rows = np.full(len(text), -1)
        for number, key in enumerate(zip(text.sentence.tolist(), text.position.tolist(), strict=True)):
            row = place.get(key, -1)
            if row >= 0 and self.words.words[row] != text.words[number]:
                raise DataError(
                    f"{text.where(number)} is {self.words.words[row]!r} in the activations: "
                    "they are of another text"
                )
            rows[number] = row
        n_found = int((rows >= 0).sum())
        if n_found < len(self.words):
            missing = int(np.setdiff1d(np.arange(len(self.words)), rows)[0])
            raise DataError(
                f"{self.words.where(missing)} has activations but no tag: the text ends before it"
            )
        return rows
