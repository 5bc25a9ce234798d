"""A region of an image, kept small and drawn on demand."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["ImageRegion"]


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
        lowest, peak = float(self.map.min()), float(self.map.max())
        half_way = (min(max(lowest, 0.0), peak) + peak) / 2
        return min(half_way, self.threshold)  # in this order: a threshold that is not a number gives half-way

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
