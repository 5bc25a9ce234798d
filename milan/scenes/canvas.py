"""A picture under way: what is painted so far, and which placement owns each pixel."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int16, UInt8

from milan.scenes.sprites import Sprite

__all__ = ["Canvas", "Placement"]

_OPAQUE = 128


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A sprite with the place of its top left corner, in pixels."""

    sprite: Sprite
    x: int
    y: int

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the picture that the cut-out takes."""
        height, width = self.sprite.cutout.shape[:2]
        return slice(self.y, self.y + height), slice(self.x, self.x + width)

    @property
    def opaque(self) -> Bool[np.ndarray, "height width"]:
        """Pixels of the cut-out that belong to the object: those it covers at least half."""
        covered: Bool[np.ndarray, "height width"] = self.sprite.cutout[..., 3] >= _OPAQUE
        return covered


class Canvas:
    """What has been painted. Placements are numbered in the order of painting, from 0."""

    picture: UInt8[np.ndarray, "height width 3"]
    owner: Int16[np.ndarray, "height width"]
    """Number of the last placement that covers the pixel, or -1 where the background shows."""
    areas: list[int]
    """Pixels of each placement."""
    visible: list[int]
    """Pixels of each placement that later ones left uncovered."""

    def __init__(self, background: UInt8[np.ndarray, "height width 3"]) -> None:
        self.picture = background.copy()
        self.owner = np.full(background.shape[:2], -1, dtype=np.int16)
        self.areas = []
        self.visible = []

    def paint(self, placement: Placement) -> None:
        """Lay a placement over everything painted before."""
        cutout, window, opaque = placement.sprite.cutout, placement.window, placement.opaque
        under = self.picture[window].astype(np.float32)
        share = cutout[..., 3:].astype(np.float32) / 255
        self.picture[window] = np.rint(under + (cutout[..., :3] - under) * share).astype(np.uint8)
        self.visible = [
            left - lost for left, lost in zip(self.visible, self.covered_by(placement), strict=True)
        ]
        self.owner[window][opaque] = len(self.areas)
        self.areas.append(int(np.count_nonzero(opaque)))
        self.visible.append(self.areas[-1])

    def covered_by(self, placement: Placement) -> list[int]:
        """How many visible pixels of each earlier placement this one would cover."""
        owners = self.owner[placement.window][placement.opaque]
        counts: list[int] = np.bincount(owners + 1, minlength=len(self.areas) + 1)[1:].tolist()
        return counts
