"""All that one pass keeps of one layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int64
from torch import Tensor

from milan.datasets import Manifest, Side
from milan.exemplars.batch_rows import BatchRows
from milan.exemplars.positions import drawn_values, looked_at, thinned
from milan.exemplars.ranking import Ranking
from milan.exemplars.settings import ExemplarSettings
from milan.records import LayerExemplars, Measured, UnitStatus
from milan.statistics import Activity, MeasuredSample, QuantileCounts, ValueSample

__all__ = ["LayerState"]

_SAMPLED = 1 << 22
"""Raw values of a layer that are kept, of all its units together."""


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
    values: ValueSample
    activity: Activity
    measured: MeasuredSample
    """Of the measuring side."""
    selected: MeasuredSample
    """Of the exemplar side."""

    @classmethod
    def empty(
        cls,
        n_units: int,
        grid: tuple[int, int],
        settings: ExemplarSettings,
        manifest: Manifest,
    ) -> Self:
        """The state of a layer before the first batch."""
        height, width = (min(side, settings.map_size) for side in grid)
        return cls(
            settings.map_size,
            Ranking(n_units, settings.k, height, width),
            Ranking(n_units, settings.k, height, width) if settings.signed else None,
            QuantileCounts(n_units),
            _empty_value_sample(n_units, grid, manifest),
            Activity(n_units),
            MeasuredSample(manifest.sample(settings.n_measured), n_units),
            MeasuredSample(manifest.sample(settings.n_selected, Side.EXEMPLAR), n_units),
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
        samples = [(self.measured, rows.measured), (self.selected, rows.selected)]
        if any(len(sampled.images) for _, sampled in samples):
            mean = activations.mean((2, 3)).cpu()  # of all: picking maps first takes longer
            for sample, (at, images) in samples:
                sample.add(images, mean[at], high[at], low[at])

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
            thinned(activations[row], key) for row, key in zip(rows.exemplar.tolist(), rows.keys, strict=True)
        ]
        self.counts.add(pieces, keep)
        self._sample_values(pieces, keep, rows)

    def _sample_values(
        self,
        pieces: Sequence[Float[Tensor, "unit ..."]],
        keep: Bool[Tensor, "unit exemplar"] | None,
        rows: BatchRows,
    ) -> None:
        images = rows.exemplar_images.numpy()
        chosen = np.flatnonzero(np.isin(images, self.values.images)).tolist()
        if not chosen:
            return
        n_positions = self.values.values.shape[1]
        values = drawn_values([pieces[at] for at in chosen], [rows.keys[at] for at in chosen], n_positions)
        if keep is not None:
            values[~keep.T.numpy()[chosen][:, None].repeat(n_positions, axis=1)] = np.nan
        self.values.add(images[chosen], values)

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
        self.values.merge(other.values)
        self.activity.merge(other.activity)
        self.measured.merge(other.measured)
        self.selected.merge(other.selected)

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
            ValueSample.from_state_dict(part("values")),
            Activity.from_state_dict(part("activity")),
            MeasuredSample.from_state_dict(part("measured")),
            MeasuredSample.from_state_dict(part("selected")),
        )

    def finish(self, layer: str, paths: Sequence[str], quantile: float) -> LayerExemplars:
        """The record of the layer, once all batches were seen."""
        lowest, highest = self.activity.low, self.activity.high
        downward = None
        if self.downward is not None:
            levels = _Levels(-self.counts.quantile(1 - quantile, self.values), -highest, -lowest)
            downward = self._record(layer, paths, self.downward, levels, negated=True)
        levels = _Levels(self.counts.quantile(quantile, self.values), lowest, highest)
        found = self._record(layer, paths, self.upward, levels, downward=downward)
        return replace(found, histograms=self.counts.histograms(lowest, highest))

    def _record(
        self,
        layer: str,
        paths: Sequence[str],
        ranking: Ranking,
        levels: _Levels,
        *,
        negated: bool = False,
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
            measured=_measured(self.measured, paths, negated),
            selected=_measured(self.selected, paths, negated),
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
            "values": self.values,
            "activity": self.activity,
            "measured": self.measured,
            "selected": self.selected,
        }
        return parts if self.downward is None else {**parts, "downward": self.downward}


def _measured(sample: MeasuredSample, paths: Sequence[str], negated: bool) -> Measured:
    """What was seen of a sample; on the negated scale the lowest activation is the peak."""
    images = tuple(paths[at] for at in sample.images[sample.seen].tolist())
    mean, peak, low = sample.mean[sample.seen], sample.peak[sample.seen], sample.low[sample.seen]
    return Measured(images, -mean, -low) if negated else Measured(images, mean, peak)


def _empty_value_sample(n_units: int, grid: tuple[int, int], manifest: Manifest) -> ValueSample:
    """As many of the positions looked at as there is room for, or one of some images."""
    n_images = manifest.sides.count(Side.EXEMPLAR)
    most = max(1, _SAMPLED // n_units)
    rows, columns = looked_at(n_units, grid)
    n_positions = min(rows * columns, max(1, most // n_images))
    return ValueSample(manifest.sample(most // n_positions, Side.EXEMPLAR), n_positions, n_units)
