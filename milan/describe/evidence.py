"""What a captioner sees of a unit: the features of its exemplar regions, each picture read once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float16, Float32

from captioner.protocols import Features, Masks, Picture
from milan.describe.presence import MASK_GRID, Patches
from milan.describe.reading import Seen, read_pictures, views_ahead
from milan.describe.voice import Voice
from milan.records import LayerExemplars, UnitStatus

__all__ = ["Gathered", "LayerEvidence", "gather_evidence"]


@dataclass(frozen=True, slots=True, eq=False)
class LayerEvidence:
    """Features of all exemplar regions of one layer, a row a region, in half precision."""

    features: Float16[np.ndarray, "region ..."]
    """What the captioner reads: 30,720 regions for a layer of 2,048 units, hence the half precision."""
    vectors: Float16[np.ndarray, "region dim"]
    """Where the encoder puts each region; unit length."""
    sharpness: Float32[np.ndarray, " region"]
    """What a cosine of 1 is worth to the encoder, in nats, where phrases compete for the region."""
    beside: Float16[np.ndarray, "region side dim"]
    """Where the encoder puts what lies to each side of a region (`beside.neighbours`), as long as it is
    sharp: a product with a phrase's vector is in nats. Not-a-number where nothing does.
    """
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

    def sharpness_of(self, unit: int) -> Float32[np.ndarray, " region"]:
        """How sharp the encoder is on each of one unit's regions."""
        rows = self.rows[unit]
        return self.sharpness[rows.start : rows.stop]

    def beside_of(self, unit: int) -> Float32[np.ndarray, "region side dim"]:
        """What lies to each side of one unit's regions, strongest first."""
        rows = self.rows[unit]
        return self.beside[rows.start : rows.stop].astype(np.float32)

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
    for batch in views_ahead(paths, open_view, workers):
        held = [path for path, _ in batch]
        found = read_pictures(
            [view for _, view in batch],
            [[place.mask() for place in wanted.get(path, ())] for path in held],
            [path in patches for path in held],
            voice,
        )
        for path, read in zip(held, found, strict=True):
            for place, features, seen in zip(wanted.get(path, ()), read.features, read.seen, strict=True):
                place.table.put(place.row, features, seen)
            if read.patches is not None:
                patches.put(path, read.patches, voice.encoder)
        done += len(batch)
        if progress:
            progress(done, len(paths))
    return Gathered([table.evidence() for table in tables], patches)


class _Table:
    """The evidence of one layer while it fills."""

    def __init__(self, layer: LayerExemplars) -> None:
        self.layer = layer
        self.places: list[_Place] = []
        self.rows: list[range] = []
        self.features: Float16[np.ndarray, "region ..."] = np.zeros((0, 1), np.float16)
        self.vectors: Float16[np.ndarray, "region dim"] = np.zeros((0, 1), np.float16)
        self.sharpness: Float32[np.ndarray, " region"] = np.zeros(0, np.float32)
        self.beside: Float16[np.ndarray, "region side dim"] = np.zeros((0, 1, 1), np.float16)
        for unit, status in enumerate(layer.statuses):
            first = len(self.places)
            if status is UnitStatus.PENDING:
                n_filled = int(np.count_nonzero(layer.images[unit] >= 0))
                self.places += [_Place(self, unit, rank, first + rank) for rank in range(n_filled)]
            self.rows.append(range(first, len(self.places)))

    def put(self, row: int, features: Float32[np.ndarray, "..."], seen: Seen) -> None:
        if len(self.features) == 0:
            n = len(self.places)
            self.features = np.zeros((n, *features.shape), np.float16)
            self.vectors = np.zeros((n, *seen.vector.shape), np.float16)
            self.sharpness = np.zeros(n, np.float32)
            self.beside = np.zeros((n, *seen.beside.shape), np.float16)
        self.features[row] = features
        self.vectors[row] = seen.vector
        self.sharpness[row] = seen.sharpness
        self.beside[row] = seen.beside

    def evidence(self) -> LayerEvidence:
        return LayerEvidence(self.features, self.vectors, self.sharpness, self.beside, tuple(self.rows))


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
        region = self.table.layer.region(self.unit, self.rank)
        return region.mask(MASK_GRID, MASK_GRID).astype(np.float32)
