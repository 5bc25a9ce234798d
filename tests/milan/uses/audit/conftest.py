"""Catalogs of which every word and figure is chosen, and an encoder that knows three kinds of things."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.catalog import Catalog
from milan.records import (
    Candidate,
    Description,
    Faithfulness,
    Figure,
    LayerExemplars,
    Measured,
    Provenance,
    ShuffledFaithfulness,
    UnitStatus,
)

PATHS = tuple(f"{number}.jpg" for number in range(4))
KINDS = {"face": 0, "nose": 0, "text": 1, "letters": 1}

Said = Mapping[int, tuple[str, float | None]]
"""Phrase and faithfulness by unit; a phrase under .15 is held back."""


def embed(phrases: list[str]) -> np.ndarray:
    """Faces point one way, text another, and whatever else a third."""
    kinds = [next((KINDS[word] for word in phrase.split() if word in KINDS), 2) for phrase in phrases]
    return np.eye(3)[kinds]


def _exemplars(layer: str, n_units: int) -> LayerExemplars:
    rng = np.random.default_rng(len(layer))
    none = [Measured((), *np.zeros((2, 0, n_units), np.float32)) for _ in range(2)]
    return LayerExemplars(
        layer,
        PATHS,
        np.full(n_units, 0.5, np.float32),
        (UnitStatus.PENDING,) * n_units,
        np.tile(np.arange(3), (n_units, 1)).astype(np.int64),
        np.tile(np.float32([3, 2, 1]), (n_units, 1)),
        rng.random((n_units, 3, 4, 4)).astype(np.float16),
        np.ones((n_units, 3), np.float32),
        *none,
    )


def _description(unit: int, phrase: str, faithfulness: float | None) -> Description:
    figure = None
    if faithfulness is not None:
        of_mean = Figure(faithfulness, faithfulness - 0.1, faithfulness + 0.1)
        figure = Faithfulness(500, of_mean, of_mean, of_mean, of_mean)
    held_back = faithfulness is not None and faithfulness < 0.15
    status = UnitStatus.INCONSISTENT if held_back else UnitStatus.DESCRIBED
    return Description(unit, status, 0.5, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),), faithfulness=figure)


def _picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), (shade, 90, 160)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def make_catalog(tmp_path: Path) -> Callable[..., Path]:
    """make_catalog("a.db", {"layer": {0: ("a face", .4)}}, shuffled=...)"""

    def make(
        name: str,
        layers: Mapping[str, Said],
        shuffled: ShuffledFaithfulness | None = None,
        network: str = "tiny",
        n_units: int = 40,
    ) -> Path:
        path = tmp_path / name
        provenance = Provenance("timm:tiny", "w0", {"size": 64}, "d0", {"k": 3}, {"torch": "2"})
        thumbnails = {image: _picture(60 * at) for at, image in enumerate(PATHS)}
        with Catalog.open(path, create=True) as made:
            made.add_network(network, provenance, list(layers))
            for layer, said in layers.items():
                made.store_layer(network, _exemplars(layer, n_units), provenance, thumbnails)
                version = made.start_description(network, layer, {}, {})
                made.store_descriptions(version, [_description(unit, *words) for unit, words in said.items()])
                if shuffled is not None:
                    made.store_shuffled(version, shuffled)
                made.finish_description(version)
        return path

    return make


@pytest.fixture
def encoder() -> Callable[[list[str]], np.ndarray]:
    return embed


@pytest.fixture
def shuffled() -> ShuffledFaithfulness:
    """Of 1,000 pairs one in ten reaches .175, one in a hundred .35."""
    counts = np.zeros(400, int)
    counts[[200, 235, 270]] = 900, 90, 10
    return ShuffledFaithfulness(tuple(counts.tolist()))
