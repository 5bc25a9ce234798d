"""Catalogs of networks whose units are known: unit `n` of one answers as unit `n` of any other."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from milan.catalog import Catalog
from milan.records import (
    Candidate,
    Description,
    LayerExemplars,
    Measured,
    Provenance,
    UnitStatus,
)

N_IMAGES, K = 120, 8
PATHS = tuple(f"photos/{number:03}.jpg" for number in range(N_IMAGES))
TALK = tuple(f"sentence {number + 1}" for number in range(N_IMAGES))
VIEW = {"size": [64, 64], "resize": [64, 64], "squash": False}
TOPICS = ("dogs", "cars", "trees", "letters", "water", "faces", "stripes", "food")


def _activations(who: int, noise: float, seed: int) -> np.ndarray:
    known = np.random.default_rng(1000 + who).gamma(0.7, size=N_IMAGES)
    return known + noise * np.random.default_rng((seed, who + 1)).normal(size=N_IMAGES)


def _map(who: int, image: int) -> np.ndarray:
    top, left = np.random.default_rng((who + 1, image)).integers(0, 6, 2)
    grid = np.zeros((8, 8))
    grid[top : top + 3, left : left + 3] = 1
    return grid


def _layer(layer: str, who: Sequence[int], noise: float, seed: int, *, of_text: bool) -> LayerExemplars:
    """`who` is what each unit answers to; -1 is a dead unit."""
    values = np.stack([_activations(one, noise, seed) for one in who], axis=1).astype(np.float32)
    values[:, [one < 0 for one in who]] = 0
    images = np.argsort(-values, axis=0, kind="stable")[:K].T.astype(np.int64)
    maps = np.array(
        [[_map(one, image) for image in own] for one, own in zip(who, images.tolist(), strict=True)]
    )
    if of_text:
        maps = maps.reshape(len(who), K, 1, 64)[..., :12] + np.eye(12)[images % 12][:, :, None]
    peaks = np.take_along_axis(values.T, images, 1)
    sampled = [] if of_text else [np.arange(0, N_IMAGES, 3), np.arange(1, N_IMAGES, 3)]
    samples = [Measured(tuple(PATHS[at] for at in rows), values[rows], 2 * values[rows]) for rows in sampled]
    none = Measured((), *np.zeros((2, 0, len(who)), np.float32))
    statuses = tuple(UnitStatus.DEAD if one < 0 else UnitStatus.PENDING for one in who)
    for unit, status in enumerate(statuses):
        if status is UnitStatus.DEAD:
            images[unit], peaks[unit] = -1, -np.inf
    return LayerExemplars(
        layer,
        TALK if of_text else PATHS,
        np.full(len(who), 0.5, np.float32),
        statuses,
        images,
        peaks.astype(np.float32),
        maps.astype(np.float16),
        np.ones((len(who), K), np.float32),
        *(samples or [none, none]),
    )


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    """Write a catalog of a network: layers with what each of their units answers to."""

    def run(
        name: str,
        layers: dict[str, Sequence[int]],
        *,
        noise: float = 0.0,
        data: str = "d0",
        view: dict[str, object] | None = None,
        of_text: bool = False,
        words: Callable[[int], str] | None = None,
        file: str | None = None,
    ) -> Path:
        path = tmp_path / (file or f"{name}.db")
        shape: dict[str, object] = {"reads": "words"} if of_text else view or VIEW
        provenance = Provenance(f"test:{name}", name, shape, data, {"k": K})
        words_of = ("the", "tree", "of", "life", *"abcdefgh")
        seen = dict.fromkeys(TALK, words_of) if of_text else {}
        with Catalog.open(path, create=True) as catalog:
            catalog.add_network(name, provenance, list(layers))
            for layer, who in layers.items():
                found = _layer(layer, who, noise, sum(map(ord, name)), of_text=of_text)
                catalog.store_layer(name, found, provenance.for_layer(layer), seen)
                if words is not None:
                    _say(catalog, name, layer, [words(one) for one in who])
        return path

    return run


def _say(catalog: Catalog, network: str, layer: str, phrases: Sequence[str]) -> None:
    version = catalog.start_description(network, layer, {"voice": "test"}, {})
    said = [
        Description(unit, UnitStatus.DESCRIBED, 0.2, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),))
        for unit, phrase in enumerate(phrases)
    ]
    catalog.store_descriptions(version, said)
    catalog.finish_description(version)


@pytest.fixture
def embed() -> Callable[[list[str]], np.ndarray]:
    """Vectors by topic: phrases are alike when they name the same one."""

    def run(phrases: list[str]) -> np.ndarray:
        return np.array([[float(topic in phrase) + 1e-3 for topic in TOPICS] for phrase in phrases])

    return run
