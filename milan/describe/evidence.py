"""What a captioner sees of a unit: the features of its exemplar regions, each picture read once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from jaxtyping import Float16, Float32

from captioner.protocols import Features, Masks, Picture, RegionEncoder
from milan.describe.presence import MASK_GRID, PATCH_MASKS, Patches
from milan.describe.voice import Voice
from milan.records import LayerExemplars, UnitStatus

__all__ = ["Gathered", "LayerEvidence", "gather_evidence", "read_patches"]

PICTURES_AT_ONCE = 16


@dataclass(frozen=True, slots=True, eq=False)
class LayerEvidence:
    """Features of all exemplar regions of one layer, a row a region, in half precision."""

    features: Float16[np.ndarray, "region ..."]
    """What the captioner reads: 30,720 regions for a layer of 2,048 units, hence the half precision."""
    vectors: Float16[np.ndarray, "region dim"]
    """Where the encoder puts each region; unit length."""
    rows: tuple[range, ...]
    """For each unit the rows that are its regions, strongest first; empty when it takes no part."""

    def features_of(self, unit: int) -> Features:
        """The captioner's features of one unit's regions."""
        rows = self.rows[unit]
        return self.features[rows.start : rows.stop].astype(np.float32)

    def vectors_of(self, unit: int) -> Float32[np.ndarray, "region dim"]:
        """Where one unit's regions lie, strongest first."""
        rows = self.rows[unit]
        return self.vectors[rows.start : rows.stop].astype(np.float32)

    def vector_of(self, unit: int) -> Float32[np.ndarray, " dim"]:
        """The mean direction of one unit's regions, unit length."""
        mean = self.vectors_of(unit).mean(axis=0)
        direction: Float32[np.ndarray, " dim"] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return direction

    @property
    def units(self) -> list[int]:
        """The units that take part."""
        return [unit for unit, rows in enumerate(self.rows) if len(rows)]


class Gathered(NamedTuple):
    """What was read of all pictures."""

    layers: list[LayerEvidence]
    patches: Patches
    """Of the sampled images."""


def gather_evidence(
    layers: Sequence[LayerExemplars],
    open_view: Callable[[str], Picture],
    voice: Voice,
    *,
    sampled: Sequence[str] = (),
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Gathered:
    """Read every exemplar picture once and pool it under the masks of all units that hold it.

    `open_view` answers a picture as the network saw it; `sampled` pictures are read patch by patch too. All
    units that await a description take part, whichever are asked for: what a layer has in common, and which
    units look alike, must not depend on the question. The cost grows with pictures, not with units times
    pictures.
    """
    tables = [_Table(layer) for layer in layers]
    wanted: dict[str, list[_Place]] = defaultdict(list)
    for table in tables:
        for place in table.places:
            wanted[place.path].append(place)
    paths = sorted({*wanted, *sampled})
    patches = Patches(sampled)
    done = 0
    for batch in _views_ahead(paths, open_view, workers):
        held = [path for path, _ in batch]
        found = _read_batch(
            [view for _, view in batch],
            [wanted.get(path, []) for path in held],
            [path in patches for path in held],
            voice,
        )
        for path, features in zip(held, found, strict=True):
            if features is not None:
                patches.put(path, features, voice.encoder)
        done += len(batch)
        if progress:
            progress(done, len(paths))
    return Gathered([table.evidence() for table in tables], patches)


def read_patches(
    images: Sequence[str],
    open_view: Callable[[str], Picture],
    encoder: RegionEncoder,
    *,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Patches:
    """Read images patch by patch with one encoder."""
    found = Patches(images)
    done = 0
    for batch in _views_ahead(images, open_view, workers):
        features = encoder.reader.read([view for _, view in batch], [PATCH_MASKS] * len(batch))
        for (image, _), own in zip(batch, features, strict=True):
            found.put(image, own, encoder)
        done += len(batch)
        if progress:
            progress(done, len(images))
    return found


class _Table:
    """The evidence of one layer while it fills."""

    def __init__(self, layer: LayerExemplars) -> None:
        self.layer = layer
        self.places: list[_Place] = []
        self.rows: list[range] = []
        self.features: Float16[np.ndarray, "region ..."] = np.zeros((0, 1), np.float16)
        self.vectors: Float16[np.ndarray, "region dim"] = np.zeros((0, 1), np.float16)
        for unit, status in enumerate(layer.statuses):
            first = len(self.places)
            if status is UnitStatus.PENDING:
                n_filled = int(np.count_nonzero(layer.images[unit] >= 0))
                self.places += [_Place(self, unit, rank, first + rank) for rank in range(n_filled)]
            self.rows.append(range(first, len(self.places)))

    def put(
        self, row: int, features: Float32[np.ndarray, "..."], vector: Float32[np.ndarray, " dim"]
    ) -> None:
        if len(self.features) == 0:
            self.features = np.zeros((len(self.places), *features.shape), np.float16)
            self.vectors = np.zeros((len(self.places), *vector.shape), np.float16)
        self.features[row] = features
        self.vectors[row] = vector

    def evidence(self) -> LayerEvidence:
        return LayerEvidence(self.features, self.vectors, tuple(self.rows))


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """One exemplar of one unit, and the row where its features go."""

    table: _Table
    unit: int
    rank: int
    row: int

    @property
    def path(self) -> str:
        return self.table.layer.paths[int(self.table.layer.images[self.unit, self.rank])]

    def mask(self) -> Masks:
        region = self.table.layer.exemplar(self.unit, self.rank).region
        return region.mask(MASK_GRID, MASK_GRID).astype(np.float32)


def _read_batch(
    views: Sequence[Picture],
    places: Sequence[Sequence[_Place]],
    sampled: Sequence[bool],
    voice: Voice,
) -> list[Features | None]:
    """Put the features of all regions where they belong; answer those of the patches of sampled views."""
    regions = [_stacked([place.mask() for place in held]) for held in places]
    masks = [
        np.concatenate([own, PATCH_MASKS]) if whole else own
        for own, whole in zip(regions, sampled, strict=True)
    ]
    encoded = voice.encoder.reader.read(views, masks)
    shared = voice.encoder.reader is voice.captioner.reader
    features = encoded if shared else voice.captioner.reader.read(views, regions)
    patches: list[Features | None] = []
    for held, whole, for_captioner, for_encoder in zip(places, sampled, features, encoded, strict=True):
        vectors = voice.encoder.embed_regions(for_encoder[: len(held)])
        for place, feature, vector in zip(held, for_captioner, vectors, strict=False):
            place.table.put(place.row, feature, vector)
        patches.append(for_encoder[len(held) :] if whole else None)
    return patches


def _stacked(masks: Sequence[Masks]) -> Masks:
    return np.stack(masks) if masks else np.zeros((0, MASK_GRID, MASK_GRID), np.float32)


def _views_ahead(
    paths: Sequence[str], open_view: Callable[[str], Picture], workers: int
) -> Iterator[list[tuple[str, Picture]]]:
    """Batches of views, the next one decoded while this one is read."""
    waiting = iter(paths)
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:

        def start() -> list[tuple[str, Future[Picture]]]:
            return [(path, pool.submit(open_view, path)) for path in islice(waiting, PICTURES_AT_ONCE)]

        following = start()
        while following:
            current, following = following, start()
            yield [(path, future.result()) for path, future in current]
