"""Where a unit is active: a region of an image, or the words of a passage."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32

__all__ = ["ImageRegion", "TextSpan"]


@dataclass(frozen=True, slots=True, eq=False)
class ImageRegion:
    """Where in an image a unit is active: its activation map and the level that counts as active."""

    image: str
    """POSIX path relative to the images folder."""
    map: Float[np.ndarray, "height width"]
    """Activation on the layer's grid (or a max-pooled one), in the unit's own scale."""
    threshold: float
    """The unit's own threshold, a quantile over all images."""

    @property
    def level(self) -> float:
        """Level above which a position belongs to the region.

        The unit's threshold, but at most half-way from the image's own lowest activation (from 0 where it
        is below) to its peak. With few images even strong exemplars barely pass a quantile of .99, and their
        regions would be dots that show nothing.
        """
        return _level(float(self.map.min()), float(self.map.max()), self.threshold)

    def resized(self, height: int, width: int) -> Float[np.ndarray, "height width"]:
        """The map at another size, bilinear with half-pixel centres (as MILAN draws it)."""
        return _resize_bilinear(self.map.astype(np.float32), height, width)

    def mask(self, height: int, width: int) -> Bool[np.ndarray, "height width"]:
        """Positions of a picture that belong to the region; never empty.

        Interpolation may smooth a peak below the level (and a constant map has no half-way): then the
        positions at the drawn map's own maximum are the region.
        """
        drawn = self.resized(height, width)
        return drawn > min(self.level, float(np.nextafter(drawn.max(), -np.inf)))


@dataclass(frozen=True, slots=True, eq=False)
class TextSpan:
    """How strongly a unit answers each word of a passage: a sentence, or a stretch of a long one."""

    passage: str
    """Where it stands in the text, such as `sentence 3`."""
    words: tuple[str, ...]
    activations: Float32[np.ndarray, " word"]
    """In the unit's own scale; not-a-number for a word that the network has no activation of."""
    threshold: float
    """The unit's own threshold, a quantile over all words."""
    negated: bool = False
    """Whether activations are negated, so that what lowers the unit most is the highest, too."""

    @property
    def peak(self) -> int:
        """Which word is the strongest."""
        return int(np.nanargmax(self.activations))

    @property
    def level(self) -> float:
        """Level above which a word belongs to the span, as a region's."""
        return _level(float(np.nanmin(self.activations)), float(np.nanmax(self.activations)), self.threshold)

    @property
    def tints(self) -> Float32[np.ndarray, " word"]:
        """The unit's own activations as parts of the passage's largest, -1 to 1; 0 where there is none."""
        known = np.nan_to_num(-self.activations if self.negated else self.activations, nan=0.0)
        return np.asarray(known / max(float(np.abs(known).max()), 1e-12), np.float32)


def _level(lowest: float, peak: float, threshold: float) -> float:
    half_way = (min(max(lowest, 0.0), peak) + peak) / 2
    return min(half_way, threshold)  # in this order: a threshold that is not a number gives half-way


def _resize_bilinear(
    grid: Float[np.ndarray, "h w"], height: int, width: int
) -> Float[np.ndarray, "height width"]:
    rows, row_part = _sample_points(grid.shape[0], height)
    cols, col_part = _sample_points(grid.shape[1], width)
    next_rows = np.minimum(rows + 1, grid.shape[0] - 1)
    next_cols = np.minimum(cols + 1, grid.shape[1] - 1)
    tall = grid[rows] * (1 - row_part)[:, None] + grid[next_rows] * row_part[:, None]
    drawn: Float[np.ndarray, "height width"] = tall[:, cols] * (1 - col_part) + tall[:, next_cols] * col_part
    return drawn


def _sample_points(
    n_from: int, n_to: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.float32]]]:
    centres = (np.arange(n_to, dtype=np.float32) + 0.5) * (n_from / n_to) - 0.5
    centres = np.clip(centres, 0, n_from - 1).astype(np.float32)
    below = np.floor(centres).astype(np.intp)
    return below, (centres - below).astype(np.float32)
