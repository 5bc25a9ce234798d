"""What sets each level of a unit's activation apart from all weaker images.

The strongest images need not show what the merely strong ones do: a unit may be highest for wheels, high for
cars and a little above the rest for roads. Images of the selection sample are cut where a unit's mean
activation passes its 70th, 90th and 98th percentile, and for each band the phrase is sought whose presence
differs most between the band and everything below it.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from milan.describe.explanation import Split
from milan.records import Band

__all__ = ["CUTS", "find_bands"]

CUTS = (0.7, 0.9, 0.98)
"""Shares of images below the bands."""
_SURE = 2.0
"""Standard errors by which a phrase must differ on images that did not choose it."""
_FEWEST = 3
"""Images of a band, on either side of the split, below which nothing is said of it."""


def find_bands(phrases: Sequence[str], shown: Split, activations: Split) -> list[tuple[Band, ...]]:
    """The bands of each unit that some phrase sets apart, the strongest first.

    `shown` has a column a phrase, `activations` a column a unit; means alone are looked at. A phrase is
    chosen on the images that fit; on those that validate it must differ by two standard errors, and that
    difference is the one stated. Images of one and the same activation lie in one band: a unit that is
    silent in nine of ten images has no band from 70 to 90 %.
    """
    n_units = activations.fitting.mean.shape[1]
    levels = np.quantile(activations.together.mean, CUTS, axis=0)
    fit, held = (_Cut.at(levels, images.mean) for images in activations)
    picked: list[int] = (fit.contrast.T @ shown.fitting.mean).argmax(axis=1).tolist()
    difference = (held.contrast * shown.validating.mean[:, picked]).sum(axis=0)
    enough = np.minimum(fit.n_inside, held.n_inside) >= _FEWEST
    said = enough & (difference > _SURE * held.error)
    found: list[tuple[Band, ...]] = []
    for unit in range(n_units):
        own = (
            Band(low, high, phrases[picked[column]], float(difference[column]))
            for column, low, high in zip(
                range(unit, len(picked), n_units), CUTS, (*CUTS[1:], 1.0), strict=True
            )
            if said[column]
        )
        found.append(tuple(own)[::-1])
    return found


class _Cut(NamedTuple):
    """Which images lie in each band, and which below: all units in the first band, then in the second."""

    inside: Bool[np.ndarray, "image column"]
    below: Bool[np.ndarray, "image column"]

    @classmethod
    def at(
        cls, levels: Float64[np.ndarray, "cut unit"], activations: Float32[np.ndarray, "image unit"]
    ) -> Self:
        """Cut where activations pass the levels of their unit."""
        above = [activations > level for level in levels]
        inside = [own & ~higher for own, higher in zip(above, [*above[1:], np.False_], strict=True)]
        return cls(np.concatenate(inside, axis=1), ~np.concatenate(above, axis=1))

    @property
    def n_inside(self) -> Int64[np.ndarray, " column"]:
        """Images in each band."""
        return np.asarray(self.inside.sum(axis=0), np.int64)

    @property
    def contrast(self) -> Float32[np.ndarray, "image column"]:
        """Weights that take the mean below from the mean inside."""
        n_inside, n_below = (np.maximum(side.sum(axis=0), 1) for side in self)
        weights: Float32[np.ndarray, "image column"] = (self.inside / n_inside - self.below / n_below).astype(
            np.float32
        )
        return weights

    @property
    def error(self) -> Float64[np.ndarray, " column"]:
        """Of a difference of two means, where the spread is 1."""
        n_inside, n_below = (np.maximum(side.sum(axis=0), 1) for side in self)
        found: Float64[np.ndarray, " column"] = np.sqrt(1 / n_inside + 1 / n_below)
        return found
