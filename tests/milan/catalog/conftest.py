"""Small layers made from a seed, and catalogs filled with them."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.catalog import Catalog
from milan.records import (
    Band,
    Candidate,
    CounterExemplar,
    CounterKind,
    Description,
    Explanation,
    Faithfulness,
    Figure,
    Histograms,
    LayerExemplars,
    Meaning,
    Measured,
    Provenance,
    UnitStatus,
    WeightedPhrase,
)

N_IMAGES = 12
PATHS = tuple(f"photos/{number:02}.jpg" for number in range(N_IMAGES))


def _provenance(weights: str = "w0", k: int = 3) -> Provenance:
    return Provenance("timm:tiny", weights, {"size": 64}, "d0", {"k": k}, {"torch": "2"})


def _layer(layer: str = "blocks.1", n_units: int = 5, k: int = 3, seed: int = 0) -> LayerExemplars:
    """The last unit is dead, the one before it has one exemplar only."""
    rng = np.random.default_rng(seed)
    images = np.stack([rng.permutation(N_IMAGES)[:k] for _ in range(n_units)]).astype(np.int64)
    peaks = -np.sort(-rng.random((n_units, k)).astype(np.float32))
    maps = rng.random((n_units, k, 4, 6)).astype(np.float16)
    scales = rng.random((n_units, k)).astype(np.float32)
    for unit, kept in ((n_units - 1, 0), (n_units - 2, 1)):
        images[unit, kept:], peaks[unit, kept:], maps[unit, kept:], scales[unit, kept:] = -1, -np.inf, 0, 0
    statuses = (UnitStatus.PENDING,) * (n_units - 1) + (UnitStatus.DEAD,)
    thresholds = rng.random(n_units).astype(np.float32)
    samples = [
        Measured(paths, *rng.normal(size=(2, len(paths), n_units)).astype(np.float32))
        for paths in (PATHS[:4], PATHS[4:10])
    ]
    histograms = Histograms.of(rng.normal(size=(90, n_units)).astype(np.float32))
    found = (layer, PATHS, thresholds, statuses, images, peaks, maps, scales, *samples)
    return LayerExemplars(*found, histograms=histograms)


def _description(
    unit: int, *phrases: str, status: UnitStatus = UnitStatus.DESCRIBED, **trust: object
) -> Description:
    candidates = tuple(
        Candidate(phrase, 1.5 - place / 3, -0.5 - place, -2.0, "bank") for place, phrase in enumerate(phrases)
    )
    return Description(unit, status, 0.2, candidates, **trust)  # type: ignore[arg-type]


def _faithfulness(mean: float) -> Faithfulness:
    others = (Figure(part * mean, mean / 9, mean) for part in (0.5, 0.7, 0.3))
    return Faithfulness(640, Figure(mean, mean - 1 / 16, mean + 1 / 16), *others)


def _thumbnails() -> dict[str, bytes]:
    found = {}
    for number, path in enumerate(PATHS):
        file = io.BytesIO()
        Image.new("RGB", (56, 56), (20 * number, 90, 160)).save(file, "WEBP")
        found[path] = file.getvalue()
    return found


@pytest.fixture
def make_provenance() -> Callable[..., Provenance]:
    return _provenance


@pytest.fixture
def make_layer() -> Callable[..., LayerExemplars]:
    return _layer


@pytest.fixture
def make_description() -> Callable[..., Description]:
    return _description


@pytest.fixture
def make_faithfulness() -> Callable[[float], Faithfulness]:
    return _faithfulness


@pytest.fixture
def trust() -> dict[str, object]:
    """All fields that say how far to trust a description, as keywords of `make_description`."""
    return {
        "faithfulness": _faithfulness(1 / 3),
        "explanation": Explanation((WeightedPhrase("wheels", 0.4), WeightedPhrase("a face", -0.1))),
        "explanation_faithfulness": _faithfulness(0.5),
        "counter_exemplars": (
            CounterExemplar(PATHS[10], CounterKind.UNEXPLAINED, 2.5, 1 / 7),
            CounterExemplar(PATHS[11], CounterKind.SILENT, -0.25, 0.875),
        ),
        "meanings": (Meaning("a wheel", (0, 2)), Meaning("a window", (1,))),
        "bands": (Band(0.98, 1.0, "a truck", 2 / 3), Band(0.9, 0.98, "a road", 0.5)),
    }


@pytest.fixture
def thumbnails() -> dict[str, bytes]:
    return _thumbnails()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "units.db"


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """Where a catalog may be made: a file, or, with services (tests/services), also a database."""
    is_database = getattr(request, "param", "sqlite") == "postgresql"
    return str(request.getfixturevalue("database" if is_database else "path"))


@pytest.fixture
def catalog(place: str) -> Iterator[Catalog]:
    """One network `tiny` with one layer, nothing described yet."""
    with Catalog.open(place, create=True) as made:
        made.add_network("tiny", _provenance(), ["blocks.0", "blocks.1"])
        made.store_layer("tiny", _layer(), _provenance(), _thumbnails())
        yield made


@pytest.fixture
def describe(catalog: Catalog) -> Callable[..., int]:
    """Describe units of `tiny/blocks.1`: describe({0: ["a dog", "a cat"]})."""

    def run(words: dict[int, list[str]], **settings: object) -> int:
        version = catalog.start_description("tiny", "blocks.1", {"beams": 5} | settings, {"milan": "0"})
        catalog.store_descriptions(version, [_description(unit, *said) for unit, said in words.items()])
        catalog.finish_description(version)
        return version

    return run
