"""Exemplars of one unit, and of a whole layer as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float16, Float32, Int64

from milan.records.descriptions import UnitStatus
from milan.records.histograms import Histograms
from milan.records.regions import ImageRegion, TextSpan

__all__ = ["Exemplar", "LayerExemplars", "Measured"]


@dataclass(frozen=True, slots=True, eq=False)
class Exemplar:
    """One of the images, or of the passages of a text, that drive a unit most."""

    region: ImageRegion | TextSpan
    rank: int
    """0 is the strongest."""
    activation: float
    """The unit's peak activation in this image (its lowest, for downward exemplars)."""

    @property
    def source(self) -> str:
        """The image's path, or where the passage stands in its text."""
        return self.region.image if isinstance(self.region, ImageRegion) else self.region.passage


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Activations in a uniform sample of one side's images, whether they drive a unit or not."""

    images: tuple[str, ...]
    """Relative paths, sorted."""
    mean: Float32[np.ndarray, "image unit"]
    """Mean over positions."""
    peak: Float32[np.ndarray, "image unit"]
    """Highest over positions."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerExemplars:
    """Everything one pass learns of the units of one layer.

    Ranks that were not filled (fewer images than k, or not-a-number activations) hold image -1,
    peak -inf and a zero map.
    """

    layer: str
    """Module path as in `named_modules`."""
    paths: Sequence[str]
    """Relative paths of the manifest; the `images` arrays index into it."""
    thresholds: Float32[np.ndarray, " unit"]
    """The quantile (default .99) over the unit's activations at all positions."""
    statuses: tuple[UnitStatus, ...]
    """`pending`, `dead`, `never_positive` or `failed`, one per unit."""
    images: Int64[np.ndarray, "unit rank"]
    """Index into `paths`, strongest first; ties in manifest order."""
    peaks: Float32[np.ndarray, "unit rank"]
    """Peak activation per exemplar."""
    maps: Float16[np.ndarray, "unit rank height width"]
    """Low-resolution activation maps, each divided by its scale."""
    scales: Float32[np.ndarray, "unit rank"]
    """Largest magnitude of each map: map * scale is in the unit's own units."""
    measured: Measured
    """A sample of the measuring side: images that chose neither exemplars nor words."""
    selected: Measured
    """A sample of the exemplar side, to choose words by a unit's whole range."""
    downward: "LayerExemplars | None" = None
    """With `--signed`: the lowest activations, on the negated scale (peaks are -minimum)."""
    histograms: Histograms | None = None
    """Of all activations; None of downward exemplars, and of those that an older version found."""

    @property
    def n_units(self) -> int:
        """How many units the layer has."""
        return len(self.statuses)

    def map_of(self, unit: int, rank: int) -> Float[np.ndarray, "height width"]:
        """The activation map of one exemplar, in the unit's own scale."""
        scaled: Float[np.ndarray, "height width"] = (
            self.maps[unit, rank].astype(np.float32) * self.scales[unit, rank]
        )
        return scaled

    def exemplar(self, unit: int, rank: int) -> Exemplar:
        """One filled exemplar of one unit that was shown images."""
        return Exemplar(self.region(unit, rank), rank, float(self.peaks[unit, rank]))

    def region(self, unit: int, rank: int) -> ImageRegion:
        """Where in its image one filled exemplar is."""
        path = self.paths[int(self.images[unit, rank])]
        return ImageRegion(path, self.map_of(unit, rank), float(self.thresholds[unit]))

    def of(self, unit: int) -> list[Exemplar]:
        """The filled exemplars of one unit, strongest first."""
        n_filled = int(np.count_nonzero(self.images[unit] >= 0))
        return [self.exemplar(unit, rank) for rank in range(n_filled)]
