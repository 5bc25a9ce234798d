"""A catalog of colour detectors whose words are right, and a simulator that sees colours."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.bank import PhraseBank
from captioner.protocols import Features, Masks, Picture
from milan.catalog import Catalog
from milan.datasets import Manifest, Side
from milan.describe import Simulator
from milan.networks import Preprocessing
from milan.records import (
    Candidate,
    Description,
    Explanation,
    Faithfulness,
    Figure,
    LayerExemplars,
    Measured,
    Provenance,
    UnitStatus,
    WeightedPhrase,
)

COLOURS = ("red", "green", "blue")
N_IMAGES = 330
UNITS = ("red", "green", "blue", "red", "green", "blue", "dead")


class ColourEncoder:
    """Regions and phrases in a space of three colours; it is its own reader."""

    name = "colours"
    tensor_hashes: frozenset[str] = frozenset()

    @property
    def reader(self) -> "ColourEncoder":
        return self

    pools = True

    def read(self, pictures: Sequence[Picture], masks: Sequence[Masks]) -> list[Features]:
        mean = (picture.astype(np.float32).mean((0, 1)) / 255 for picture in pictures)
        return [np.tile(own, (len(mask), 1)) for own, mask in zip(mean, masks, strict=True)]

    def embed_regions(self, features: Features) -> np.ndarray:
        return (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)

    def sharpness(self, features: Features) -> np.ndarray:
        return np.full(len(features), 8.0, np.float32)

    @property
    def known_names(self) -> tuple[str, ...]:
        return ()

    def name_chances(self, features: Features) -> np.ndarray:
        return np.zeros((len(features), 0), np.float32)

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        known = np.eye(3, dtype=np.float32)
        grey = np.full(3, 3**-0.5, np.float32)
        return np.stack(
            [
                known[COLOURS.index(word)] if (word := phrase.split()[0]) in COLOURS else grey
                for phrase in phrases
            ]
        )


@pytest.fixture
def simulator() -> Simulator:
    encoder = ColourEncoder()
    phrases = tuple(f"{colour} paint" for colour in COLOURS)
    return Simulator(encoder, PhraseBank(phrases, ("own",) * 3, encoder.embed_phrases(phrases)))


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """A folder of plain pictures, each of a random colour."""
    folder = tmp_path / "colours"
    folder.mkdir()
    draws = np.random.default_rng(0)
    for number in range(N_IMAGES):
        pixels = np.tile(draws.integers(20, 250, 3, np.uint8), (8, 8, 1))
        Image.fromarray(pixels).save(folder / f"{number:03}.png")
    return folder


def layer_of(manifest: Manifest, name: str = "colour") -> LayerExemplars:
    """Units that are as active as a picture has of their colour; the last is dead."""
    amounts = np.stack(
        [np.asarray(Image.open(manifest.file(at)), np.float32).mean((0, 1)) for at in range(len(manifest))]
    )
    noise = np.random.default_rng(1).normal(0, 20, (len(manifest), len(UNITS))).astype(np.float32)
    columns = [amounts[:, COLOURS.index(unit)] if unit in COLOURS else 0 * amounts[:, 0] for unit in UNITS]
    active = np.stack(columns, 1) + noise * [unit in COLOURS for unit in UNITS]
    sides = np.array([side is Side.MEASURING for side in manifest.sides])
    samples = []
    for rows in (np.flatnonzero(sides), np.flatnonzero(~sides)):
        own = active[rows].astype(np.float32)
        samples.append(Measured(tuple(manifest.paths[row] for row in rows), own, own + 1))
    served = np.flatnonzero(~sides)
    images = np.stack([served[np.argsort(-active[served, unit])[:3]] for unit in range(len(UNITS))])
    images[-1] = -1
    shape = images.shape
    return LayerExemplars(
        layer=name,
        paths=manifest.paths,
        thresholds=np.full(len(UNITS), 200, np.float32),
        statuses=tuple(UnitStatus.PENDING if unit in COLOURS else UnitStatus.DEAD for unit in UNITS),
        images=images.astype(np.int64),
        peaks=np.ones(shape, np.float32),
        maps=np.ones((*shape, 2, 2), np.float16),
        scales=np.ones(shape, np.float32),
        measured=samples[0],
        selected=samples[1],
    )


def describe(store: Catalog, layer: str, simulator: Simulator | None, select: str = "range") -> int:
    """Say of each unit its colour; of the last that speaks nothing is said. `pmi` says green of all."""
    settings = {
        "select": select,
        "lambda_": 0.5,
        "voice": {"captioner": "own", "encoder": "own", "bank": "b"},
        "simulator": None if simulator is None else simulator.identity,
    }
    version = store.start_description("net", layer, settings, {})
    figure = None
    if simulator is not None:
        half = Figure(0.5, 0.4, 0.6)
        figure = Faithfulness(220, half, Figure(0.25, 0.2, 0.3), half, half)
    words = []
    for unit, colour in enumerate(UNITS[:-1]):
        phrase = f"{colour} paint" if select == "range" else "green paint"
        words.append(
            Description(
                unit,
                UnitStatus.INCONSISTENT if unit == 5 else UnitStatus.DESCRIBED,
                0.5,
                (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),),
                faithfulness=figure,
                explanation=Explanation((WeightedPhrase(phrase, 0.5),)) if figure and unit else None,
                explanation_faithfulness=figure if unit else None,
            )
        )
    store.store_descriptions(version, words)
    store.finish_description(version)
    return version


@pytest.fixture
def make_catalog(tmp_path: Path, colours: Path, simulator: Simulator) -> Callable[..., Path]:
    """Make a catalog of the colours: layers, who measured, what is measured, and which ways it holds."""

    def make(
        *layers: str,
        measured: bool = True,
        measure_from: int | None = 110,
        ways: Sequence[str] = ("range",),
    ) -> Path:
        manifest = Manifest.of(colours, sorted(path.name for path in colours.iterdir()))
        if measure_from is not None:
            sides = [Side.EXEMPLAR] * measure_from + [Side.MEASURING] * (len(manifest) - measure_from)
            manifest = Manifest(manifest.folder, manifest.paths, manifest.hashes, tuple(sides))
        prepared = Preprocessing.from_size((8, 8)).as_dict()
        provenance = Provenance("tests:net", "w", prepared, manifest.hash, {"k": 3})
        path = tmp_path / "units.db"
        with Catalog.open(path, create=True) as store:
            store.add_network("net", provenance, list(layers))
            for layer in layers:
                store.store_layer("net", layer_of(manifest, layer), provenance.for_layer(layer), {})
                for way in ways:
                    describe(store, layer, simulator if measured else None, way)
        return path

    return make
