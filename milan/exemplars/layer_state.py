"""All that one pass keeps of one layer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import Tensor

from milan.datasets import Batch, Manifest, Side
from milan.exemplars.ranking import Ranking
from milan.exemplars.settings import ExemplarSettings
from milan.records import LayerExemplars, Measured, UnitStatus
from milan.statistics import Activity, MeasuredSample, QuantileCounts

__all__ = ["BatchRows", "LayerState"]


@dataclass(frozen=True, slots=True, eq=False)
class BatchRows:
    """Which rows of a batch serve what."""

    shown: Int64[Tensor, " shown"]
    """Rows that hold a decoded image."""
    exemplar: Int64[Tensor, " exemplar"]
    """Rows of the exemplar side."""
    exemplar_images: Int64[Tensor, " exemplar"]
    """Their positions in the manifest."""
    phases: tuple[int, ...]
    """A number by each exemplar image's content, that says which positions of large grids it samples."""
    measured: Int64[Tensor, " measured"]
    """Rows of the measured sample."""
    measured_images: Int64[np.ndarray, " measured"]

    @classmethod
    def of(cls, batch: Batch, manifest: Manifest, measured: frozenset[int]) -> Self:
        """Sort a batch's rows by what their images serve."""
        images = [at for at in range(batch.first, batch.first + batch.n_images) if at not in batch.skipped]
        exemplar = [at for at in images if manifest.sides[at] is Side.EXEMPLAR]
        sample = [at for at in images if at in measured]
        return cls(
            torch.tensor(images, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64),
            tuple(int(manifest.hashes[at][16:32], 16) for at in exemplar),
            torch.tensor(sample, dtype=torch.int64) - batch.first,
            np.array(sample, np.int64),
        )


_VALUES_AN_IMAGE = 1 << 18
"""Values of a layer that are counted of one image, where the grid is larger than the stored maps."""


class _Levels(NamedTuple):
    """Activation levels of each unit, on the scale of one direction."""

    threshold: Float32[np.ndarray, " unit"]
    low: Float32[np.ndarray, " unit"]
    high: Float32[np.ndarray, " unit"]


@dataclass(eq=False)
class LayerState:
    """Statistics of one layer: fed inside the forward pass, merged between shards, finished into a record."""

    map_size: int
    """Largest height and width of maps."""
    upward: Ranking
    downward: Ranking | None
    """Lowest activations, on the negated scale, when both directions are wanted."""
    counts: QuantileCounts
    activity: Activity
    sample: MeasuredSample

    @classmethod
    def empty(
        cls,
        n_units: int,
        grid: tuple[int, int],
        settings: ExemplarSettings,
        measured: Int64[np.ndarray, " image"],
    ) -> Self:
        """The state of a layer before the first batch; `measured` are positions of images, sorted."""
        height, width = (min(side, settings.map_size) for side in grid)
        return cls(
            settings.map_size,
            Ranking(n_units, settings.k, height, width),
            Ranking(n_units, settings.k, height, width) if settings.signed else None,
            QuantileCounts(n_units),
            Activity(n_units),
            MeasuredSample(measured, n_units),
        )

    def take(self, activations: Float[Tensor, "image unit height width"], rows: BatchRows) -> None:
        """Take from a batch's activations all that is kept of them; no reference to them remains."""
        if activations.dtype != torch.float32:
            activations = activations.float()
        high = activations.amax((2, 3)).cpu()
        low = activations.amin((2, 3)).cpu()
        self.activity.add(low[rows.shown].T, high[rows.shown].T)
        if len(rows.exemplar):
            self._take_exemplars(activations, low[rows.exemplar].T, high[rows.exemplar].T, rows)
        if len(rows.measured):
            mean = activations[rows.measured].mean((2, 3)).cpu()
            self.sample.add(rows.measured_images, mean, high[rows.measured], low[rows.measured])

    def _take_exemplars(
        self,
        activations: Float[Tensor, "image unit height width"],
        low: Float[Tensor, "unit exemplar"],
        high: Float[Tensor, "unit exemplar"],
        rows: BatchRows,
    ) -> None:
        finite = low.isfinite() & high.isfinite()
        keep = None if finite.all() else finite
        if keep is not None:
            low, high = low.masked_fill(~keep, torch.nan), high.masked_fill(~keep, torch.nan)

        def maps_of(columns: Int64[Tensor, " entry"], units: Int64[Tensor, " entry"]) -> Tensor:
            images = rows.exemplar[columns].to(activations.device)
            units = units.to(activations.device)
            if activations.is_contiguous():  # whole maps are copied, four times faster than picked values
                maps = activations.flatten(0, 1)[images * activations.shape[1] + units]
            else:
                maps = activations[images, units]
            return maps.cpu()

        self.upward.add(high, rows.exemplar_images, maps_of)
        if self.downward is not None:
            self.downward.add(-low, rows.exemplar_images, lambda *at: -maps_of(*at))
        pieces = [
            _thinned(activations[row], self.map_size, phase)
            for row, phase in zip(rows.exemplar.tolist(), rows.phases, strict=True)
        ]
        self.counts.add(pieces, keep)

    def held_images(self, first: int, last: int) -> frozenset[int]:
        """Which of the images at positions first, ..., last - 1 some unit holds."""
        held: set[int] = set()
        for side in (self.upward, self.downward):
            if side is not None:
                images = side.top.images
                held.update(images[(images >= first) & (images < last)].tolist())
        return frozenset(held)

    def merge(self, other: Self) -> None:
        """Take in what another shard kept."""
        self.upward.merge(other.upward)
        if self.downward is not None and other.downward is not None:
            self.downward.merge(other.downward)
        self.counts.merge(other.counts)
        self.activity.merge(other.activity)
        self.sample.merge(other.sample)

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """Arrays of all statistics, under `statistic.array`."""
        return {
            f"{part}.{name}": array
            for part, statistic in self._parts().items()
            for name, array in statistic.state_dict().items()
        }

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]], settings: ExemplarSettings) -> Self:
        """The state again."""

        def part(name: str) -> dict[str, np.ndarray[Any, Any]]:
            return {
                key.removeprefix(f"{name}."): array
                for key, array in arrays.items()
                if key.startswith(f"{name}.")
            }

        return cls(
            settings.map_size,
            Ranking.from_state_dict(part("upward")),
            Ranking.from_state_dict(part("downward")) if settings.signed else None,
            QuantileCounts.from_state_dict(part("counts")),
            Activity.from_state_dict(part("activity")),
            MeasuredSample.from_state_dict(part("sample")),
        )

    def finish(self, layer: str, paths: Sequence[str], quantile: float) -> LayerExemplars:
        """The record of the layer, once all batches were seen."""
        seen = self.sample.seen
        images = tuple(paths[at] for at in self.sample.images[seen].tolist())
        mean, peak, low = self.sample.mean[seen], self.sample.peak[seen], self.sample.low[seen]
        lowest, highest = self.activity.low, self.activity.high
        downward = None
        if self.downward is not None:
            levels = _Levels(-self.counts.quantile(1 - quantile), -highest, -lowest)
            downward = self._record(layer, paths, self.downward, levels, Measured(images, -mean, -low))
        levels = _Levels(self.counts.quantile(quantile), lowest, highest)
        return self._record(layer, paths, self.upward, levels, Measured(images, mean, peak), downward)

    def _record(
        self,
        layer: str,
        paths: Sequence[str],
        ranking: Ranking,
        levels: _Levels,
        measured: Measured,
        downward: LayerExemplars | None = None,
    ) -> LayerExemplars:
        threshold, low, high = levels
        ranked = ranking.ranked()
        return LayerExemplars(
            layer=layer,
            paths=paths,
            # Inside a bucket values count as evenly spread, but never beyond the unit's own range.
            thresholds=np.where(low <= high, np.clip(threshold, low, high), 0).astype(np.float32),
            statuses=self._statuses(low, high),
            images=ranked.images,
            peaks=ranked.peaks,
            maps=ranked.maps,
            scales=ranked.scales,
            measured=measured,
            downward=downward,
        )

    def _statuses(
        self, low: Float32[np.ndarray, " unit"], high: Float32[np.ndarray, " unit"]
    ) -> tuple[UnitStatus, ...]:
        statuses = np.select(
            [self.activity.n_not_finite > 0, low >= high, high <= 0],
            [UnitStatus.FAILED, UnitStatus.DEAD, UnitStatus.NEVER_POSITIVE],
            UnitStatus.PENDING,
        )
        return tuple(UnitStatus(status) for status in statuses.tolist())

    def _parts(self) -> dict[str, Any]:
        parts = {
            "upward": self.upward,
            "counts": self.counts,
            "activity": self.activity,
            "sample": self.sample,
        }
        return parts if self.downward is None else {**parts, "downward": self.downward}


def _thinned(maps: Float[Tensor, "unit height width"], size: int, phase: int) -> Tensor:
    """Every position of a small grid; of a larger one, one from each cell of a coarser grid.

    Where in its cell a position lies is drawn by image and cell: a lattice would fall in step with
    stripes and textures. Layers of few units can afford more positions than size x size.
    """
    n_units, height, width = maps.shape
    most = max(size * size, _VALUES_AN_IMAGE // n_units)
    stride = 1
    while -(-height // stride) * -(-width // stride) > most:
        stride += 1
    if stride == 1:
        return maps
    rows, columns = -(-height // stride), -(-width // stride)
    drawn = hashlib.shake_128(phase.to_bytes(8, "big")).digest(2 * rows * columns)
    down, across = np.frombuffer(drawn, np.uint8).astype(np.int64).reshape(2, rows, columns)
    row = (256 * np.arange(rows)[:, None] + down) * height // (256 * rows)
    column = (256 * np.arange(columns) + across) * width // (256 * columns)
    positions = torch.from_numpy((row * width + column).ravel())
    return maps.flatten(1).index_select(1, positions.to(maps.device))
