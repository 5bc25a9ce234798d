"""How units respond: to images that both networks saw, and where in their exemplars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32, Int64

from milan.catalog import Unit
from milan.records import Exemplar, LayerExemplars, TextSpan, UnitId, UnitStatus

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Cells", "Evidence"]

_SIDE = 14
"""Regions are compared on a grid of this many rows and columns."""
_CELLS = _SIDE * _SIDE
"""Places of an image, and more than a passage has words."""
_SILENT = (UnitStatus.DEAD, UnitStatus.FAILED)


Cells = Mapping[int, Int64[np.ndarray, " cell"]]
"""Where a unit is active, by the image's place in the manifest: cells of a grid, or words of a passage."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is compared of some units, in columns or rows of their order."""

    units: tuple[UnitId, ...]
    n_silent: int
    """Units left out: they are the same everywhere, or could not be measured."""
    images: tuple[str, ...]
    """Images whose activations were kept, sorted; none of a text."""
    mean: Float32[np.ndarray, "image unit"]
    """Activation, averaged over positions."""
    peak: Float32[np.ndarray, "image unit"]
    highest: tuple[Cells, ...]
    """In the exemplars of each unit."""
    lowest: tuple[Cells, ...]
    """Likewise, of the lowest activations; none where they were not kept."""
    n_images: int
    """Of the whole manifest."""
    is_of_text: bool
    """Whether passages stand where images do."""

    @classmethod
    def of(cls, units: Iterable[Unit], exemplars: LayerExemplars, *, by_place: bool) -> "Evidence":
        """Gather a layer's evidence; with `by_place` false, regions count as whole images.

        Two networks that crop their images differently see unlike places under one cell.
        """
        place = {path: at for at, path in enumerate(exemplars.paths)}
        known = [unit for unit in units if unit.status not in _SILENT]
        columns = [unit.id.index for unit in known]
        samples = (exemplars.measured, exemplars.selected)
        sampled = [image for sample in samples for image in sample.images]
        order = sorted(range(len(sampled)), key=sampled.__getitem__)
        mean, peak = (
            np.concatenate([getattr(sample, what)[:, columns] for sample in samples])[order]
            for what in ("mean", "peak")
        )
        has_lowest = exemplars.downward is not None
        return cls(
            units=tuple(unit.id for unit in known),
            n_silent=exemplars.n_units - len(known),
            images=tuple(sampled[at] for at in order),
            mean=mean,
            peak=peak,
            highest=tuple(_placed(unit.exemplars, place, by_place) for unit in known),
            lowest=tuple(_placed(unit.downward, place, by_place) for unit in known) if has_lowest else (),
            n_images=len(exemplars.paths),
            is_of_text=any(unit.is_of_text for unit in known),
        )

    @classmethod
    def joined(cls, parts: Sequence["Evidence"]) -> "Evidence":
        """Units of several layers of one network; images are those that all parts kept."""
        shared = sorted(set.intersection(*(set(part.images) for part in parts)))
        aligned = [part.at(shared) for part in parts]
        has_lowest = all(part.lowest for part in parts)
        return cls(
            units=tuple(unit for part in parts for unit in part.units),
            n_silent=sum(part.n_silent for part in parts),
            images=tuple(shared),
            mean=np.concatenate([part.mean for part in aligned], axis=1),
            peak=np.concatenate([part.peak for part in aligned], axis=1),
            highest=tuple(unit for part in parts for unit in part.highest),
            lowest=tuple(unit for part in parts for unit in part.lowest) if has_lowest else (),
            n_images=parts[0].n_images,
            is_of_text=parts[0].is_of_text,
        )

    def at(self, images: Sequence[str]) -> "Evidence":
        """The same with activations of these images, all of which it must know."""
        row = {image: at for at, image in enumerate(self.images)}
        rows = [row[image] for image in images]
        return replace(self, images=tuple(images), mean=self.mean[rows], peak=self.peak[rows])

    def some(self, places: Sequence[int]) -> "Evidence":
        """Some of its units."""
        chosen = list(places)
        return replace(
            self,
            units=tuple(self.units[at] for at in chosen),
            mean=self.mean[:, chosen],
            peak=self.peak[:, chosen],
            highest=tuple(self.highest[at] for at in chosen),
            lowest=tuple(self.lowest[at] for at in chosen) if self.lowest else (),
        )

    def regions(self, *, lowest: bool = False) -> "csr_matrix":
        """Cells of each unit's exemplars as a sparse matrix of ones, [unit, image and cell]."""
        from scipy.sparse import csr_matrix

        ends = self.lowest if lowest else self.highest
        cells = [
            np.concatenate([_NONE, *(image * _CELLS + found for image, found in end.items())]) for end in ends
        ]
        starts = np.cumsum([0, *map(len, cells)])
        columns = np.concatenate([_NONE, *cells])
        shape = (len(cells), self.n_images * _CELLS)
        return csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)


_NONE = np.zeros(0, np.int64)


def _placed(exemplars: Sequence[Exemplar], place: dict[str, int], by_place: bool) -> Cells:
    whole = np.zeros(1, np.int64)
    return {place[exemplar.source]: _cells(exemplar) if by_place else whole for exemplar in exemplars}


def _cells(exemplar: Exemplar) -> Int64[np.ndarray, " cell"]:
    region = exemplar.region
    if isinstance(region, TextSpan):
        active = np.flatnonzero(region.activations > region.level)  # not-a-number is never above
        return np.union1d(active, [region.peak]).astype(np.int64)
    return np.flatnonzero(region.mask(_SIDE, _SIDE)).astype(np.int64)
