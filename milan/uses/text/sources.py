"""Activations of a text and the network that they are of: read from a network, or from files."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from milan.extraction import ExtractOptions, extract_words
from milan.networks.open import default_name
from milan.networks.text import TextNetwork
from milan.records import content_key
from milan.texts import Activations, Sentences
from milan.texts.activations import RECORD
from milan.uses.cache import cache_dir

__all__ = ["TextSource", "read_by"]


@dataclass(frozen=True, slots=True, eq=False)
class TextSource:
    """Activations, and the network that they are of."""

    activations: Activations
    name: str
    spec: str
    weights_hash: str
    reading: dict[str, Any]
    """How words became activations, such as which of a word's tokens speaks for it."""

    @classmethod
    def open(cls, path: Path, words: Path | None, name: str | None = None) -> Self:
        """A folder that `milan text extract` wrote, or somebody's own matrices with their words beside them.

        DataError and BadSetting as `Activations.open` raises them.
        """
        found = Activations.open(path, words)
        record = found.record
        weights = record.get("weights") or _hash_of(found)
        spec = str(record.get("spec", path.name))
        called = name or str(record.get("network") or default_name(path.stem))
        return cls(found, called, spec, weights, {"subwords": record.get("subwords", "given")})


@contextmanager
def read_by(
    network: TextNetwork,
    text: Sentences,
    layers: tuple[str, ...] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[TextSource]:
    """What a network makes of a text, kept in the cache while it is needed.

    A run that was cut off finds its activations there again; one that ended well leaves none behind.
    UnknownName for layers that the network has not, DataError when no word has activations.
    """
    chosen = [layer.name for layer in network.chosen(layers)]
    key = content_key([network.weights_hash, text.words, text.sentence.tolist(), chosen])
    folder = cache_dir() / "texts" / key
    if not (folder / RECORD).is_file():
        extract_words(network, text, folder, ExtractOptions(tuple(chosen)), progress)
    found = Activations.open(folder)
    reading = {"subwords": found.record["subwords"]}
    yield TextSource(found, network.name, network.spec, network.weights_hash, reading)
    shutil.rmtree(folder)


def _hash_of(activations: Activations) -> str:
    """A hash over names and numbers, for matrices that say nothing of the network that made them."""
    found = hashlib.sha256()
    for name, matrix in activations.layers.items():
        found.update(f"{name} {matrix.dtype} {matrix.shape}".encode())
        for start in range(0, len(matrix), 4096):
            found.update(np.ascontiguousarray(matrix[start : start + 4096]).tobytes())
    return found.hexdigest()
