"""What is true of one scene, on the coarse grid of a planted network's maps."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from milan.scenes.colours import COLOURS
from milan.scenes.scene import Scene, SceneObject

__all__ = ["CORNER", "GRID", "SIDES", "SIZES", "Coverage", "SceneTruth"]

GRID = 14
"""Cells along each side of a map."""
Coverage = Float32[np.ndarray, "row column"]
"""Share of each cell that something covers, 0 to 1."""

CORNER = 0.3
"""A word is in the corner when its centre lies in this share of both sides."""
SIDES = ("left", "right", "top", "bottom")
SIZES = {"large": (0.5, 1.01), "small": (0.0, 0.36)}
"""Extent of an object as a share of the picture's side: from, to."""
_TONES = np.array(list(COLOURS.values()), np.float32)


class SceneTruth:
    """Answers where in a scene something is: a `Coverage` for every question, all 0 when it is not there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._size = scene.picture.shape[0]

    def of(self, concept: str) -> Coverage:
        """All objects of a concept, by key."""
        return self._objects(lambda item: item.concept == concept)

    def part(self, concept: str, part: str) -> Coverage:
        """A part of them, such as `ear` (both ears) or `left half`."""
        masks = [
            found.mask
            for item in self._scene.objects
            if item.concept == concept
            for found in item.parts
            if part in found.phrase.split(" of ")[0]
        ]
        return self._covered(masks)

    def colour(self, name: str) -> Coverage:
        """Pixels whose nearest named colour it is, whatever they are part of."""
        return _shares(self._tones == list(COLOURS).index(name))

    def at(self, concept: str, side: str) -> Coverage:
        """Objects of a concept whose centre lies in one half of the picture."""
        return self._objects(lambda item: item.concept == concept and self._lies(item, side))

    def sized(self, concept: str, size: str) -> Coverage:
        """Objects of a concept that are large or small in the picture."""
        low, high = SIZES[size]
        return self._objects(
            lambda item: item.concept == concept and low <= max(item.box[2:]) / self._size < high
        )

    @property
    def corner_word(self) -> Coverage:
        """A word in a corner of the picture."""
        return self._objects(lambda item: item.kind == "word" and self._in_corner(item))

    def _objects(self, wanted: Callable[[SceneObject], bool]) -> Coverage:
        return self._covered([item.mask for item in self._scene.objects if wanted(item)])

    def _covered(self, masks: list[Bool[np.ndarray, "height width"]]) -> Coverage:
        if not masks:
            return np.zeros((GRID, GRID), np.float32)
        return _shares(np.logical_or.reduce(masks))

    def _lies(self, item: SceneObject, side: str) -> bool:
        across, down = self._centre(item)
        return {"left": across < 0.5, "right": across >= 0.5, "top": down < 0.5, "bottom": down >= 0.5}[side]

    def _in_corner(self, item: SceneObject) -> bool:
        return all(min(place, 1 - place) < CORNER for place in self._centre(item))

    def _centre(self, item: SceneObject) -> tuple[float, float]:
        x, y, width, height = item.box
        return (x + width / 2) / self._size, (y + height / 2) / self._size

    @cached_property
    def _tones(self) -> UInt8[np.ndarray, "height width"]:
        """Number of each pixel's nearest named colour."""
        pixels = self._scene.picture.reshape(-1, 3).astype(np.float32)
        # |p - t|^2 without |p|^2, which is the same for every tone
        distances = (_TONES**2).sum(1) - 2 * (pixels @ _TONES.T)
        nearest: UInt8[np.ndarray, "height width"] = (
            distances.argmin(1).astype(np.uint8).reshape(self._scene.picture.shape[:2])
        )
        return nearest


def _shares(mask: Bool[np.ndarray, "height width"]) -> Coverage:
    cell = mask.shape[0] // GRID
    shares: Coverage = mask.reshape(GRID, cell, GRID, cell).mean((1, 3), dtype=np.float32)
    return shares
