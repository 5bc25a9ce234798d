"""A small catalog full of awkward names, and a browser's view of it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
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
from milan.surfaces.web import Guard, make_app

HOSTILE = "<script>alert('x')</script>\"&"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PATHS = (f"photos/{HOSTILE}.jpg".replace("/script", "script"), "photos/كلب.jpg", "photos/2.jpg")
N_UNITS = 60


def _layer(name: str) -> LayerExemplars:
    """Three exemplars a unit; the last unit is dead and has none."""
    images = np.tile(np.arange(3), (N_UNITS, 1))
    peaks = np.tile(np.float32([3, 2, 1]), (N_UNITS, 1))
    maps = np.random.default_rng(0).random((N_UNITS, 3, 4, 4)).astype(np.float16)
    images[-1], peaks[-1] = -1, -np.inf
    statuses = (UnitStatus.PENDING,) * (N_UNITS - 1) + (UnitStatus.DEAD,)
    nothing = [Measured((), *np.zeros((2, 0, N_UNITS), np.float32)) for _ in range(2)]
    ones = np.ones((N_UNITS, 3), np.float32)
    histograms = Histograms.of(np.random.default_rng(1).normal(size=(50, N_UNITS)).astype(np.float32))
    found = (name, PATHS, ones[:, 0], statuses, images, peaks, maps, ones, *nothing)
    return LayerExemplars(*found, histograms=histograms)


def _described(unit: int, phrase: str, mean: float) -> Description:
    figure = Figure(mean, mean - 0.05, mean + 0.05)
    return Description(
        unit,
        UnitStatus.DESCRIBED if mean > 0 else UnitStatus.INCONSISTENT,
        0.2,
        (Candidate(phrase, 1.5, -0.5, -2.0, "bank"), Candidate("a red thing", 1.0, -1.0, -2.0, "decoder")),
        Faithfulness(640, figure, figure, figure, figure),
        Explanation((WeightedPhrase("wheels", 0.4), WeightedPhrase("a face", -0.1))),
        counter_exemplars=(CounterExemplar(PATHS[2], CounterKind.SILENT, -0.25, 0.875),),
        meanings=(Meaning("a wheel", (0, 2)),),
        bands=(Band(0.98, 1.0, "a truck", 0.6),),
    )


def _thumbnail() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (56, 56), (20, 90, 160)).save(file, "WEBP")
    return file.getvalue()


def _embed(phrases: list[str]) -> np.ndarray:
    """Dogs are alike, whatever they are called; nothing else is."""
    kinds = [("dog" in phrase or "hound" in phrase, "bus" in phrase, 0.01) for phrase in phrases]
    return np.array(kinds, np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """`tiny/blocks.1`: unit 0 a dog, 1 hostile words, 2 Arabic ones, 3 held back; `tiny/odd ?#%`: nothing."""
    made = tmp_path / "units.db"
    provenance = Provenance("timm:tiny", "w0" * 20, {"size": 64}, "d0" * 20, {"k": 3}, {"torch": "2"})
    with Catalog.open(made, create=True) as catalog:
        catalog.add_network("tiny", provenance, ["blocks.0", "blocks.1", "odd ?#%"])
        for name in ("blocks.1", "odd ?#%"):
            catalog.store_layer("tiny", _layer(name), provenance, dict.fromkeys(PATHS, _thumbnail()))
        version = catalog.start_description("tiny", "blocks.1", {"beams": 5}, {"milan": "0"})
        words = [("a small dog", 0.42), (HOSTILE, 0.15), ("كلب صغير", 0.31), ("a school bus", -0.02)]
        catalog.store_descriptions(version, [_described(at, *said) for at, said in enumerate(words)])
        catalog.finish_description(version)
        catalog.index_meanings(_embed)
    return made


@pytest.fixture
def visit(path: Path) -> Callable[..., TestClient]:
    """A browser before the served catalog: visit(host="0.0.0.0", token=...) for one that others can reach."""

    def make(host: str = "127.0.0.1", token: str | None = None) -> TestClient:
        app = make_app(path, _embed, Guard(host, token), lambda: NOW)
        return TestClient(app, base_url=f"http://{host}:8000")

    return make


@pytest.fixture
def client(visit: Callable[..., TestClient]) -> TestClient:
    return visit()
