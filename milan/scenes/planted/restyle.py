"""A scene by another hand: wavering lines, inked outlines, other light; every mask stays exact.

What `redrawn` does to emoji this does to the whole picture: shapes, letters, textures and backgrounds of the
renderer get edges and tones that its plain scenes do not have.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from milan.scenes.planted.waver import Taken, wandering
from milan.scenes.scene import Box, Part, Scene, SceneObject

__all__ = ["box_of", "restyled", "without"]

Mask = Bool[np.ndarray, "height width"]

_WAVER = 0.012
_MIN_PIXELS = 12
_INKED = ("shape", "texture")  # emoji bring their own outline; around thin strokes ink would be all there is
_INK = np.float32(0.3)


def restyled(scene: Scene, rng: np.random.Generator) -> Scene:
    """Draw a scene anew; objects that waver out of sight are left out."""
    height, width = scene.picture.shape[:2]
    taken = wandering(height, width, _WAVER, rng)
    objects = tuple(moved for item in scene.objects if (moved := _moved(item, taken)) is not None)
    picture = scene.picture[taken].astype(np.float32)
    for item in objects:
        if item.kind in _INKED:
            picture[_rim(item.mask)] *= _INK
    return Scene(scene.seed, _in_other_light(picture, rng), objects)


def box_of(mask: Mask) -> Box:
    """The tight box of a mask that is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y


def without(item: SceneObject, covered: Mask) -> SceneObject | None:
    """An object with some pixels covered, or None when too little of it is left."""
    return _masked(item, lambda mask: mask & ~covered)


def _moved(item: SceneObject, taken: Taken) -> SceneObject | None:
    return _masked(item, lambda mask: mask[taken])


def _masked(item: SceneObject, change: Callable[[Mask], Mask]) -> SceneObject | None:
    mask = change(item.mask)
    if np.count_nonzero(mask) < _MIN_PIXELS:
        return None
    parts = tuple(Part(part.phrase, seen) for part in item.parts if (seen := change(part.mask)).any())
    return replace(item, mask=mask, box=box_of(mask), parts=parts)


def _rim(mask: Mask) -> Mask:
    inside = mask.copy()
    inside[1:] &= mask[:-1]
    inside[:-1] &= mask[1:]
    inside[:, 1:] &= mask[:, :-1]
    inside[:, :-1] &= mask[:, 1:]
    rim: Mask = mask & ~inside
    return rim


def _in_other_light(
    picture: Float32[np.ndarray, "height width 3"], rng: np.random.Generator
) -> UInt8[np.ndarray, "height width 3"]:
    """A lamp somewhere, a warmer or cooler tint, and the grain of paper."""
    height, width = picture.shape[:2]
    row, column = rng.uniform(0, 1, 2)
    down = (np.linspace(0, 1, height, dtype=np.float32)[:, None] - np.float32(row)) ** 2
    along = (np.linspace(0, 1, width, dtype=np.float32)[None, :] - np.float32(column)) ** 2
    lamp = np.float32(1.1) - np.float32(0.25) * np.sqrt(down + along)
    tint = rng.uniform(0.94, 1.06, 3).astype(np.float32)
    grain = rng.integers(-6, 7, (height, width, 1)).astype(np.float32)
    lit: UInt8[np.ndarray, "height width 3"] = (
        (picture * lamp[..., None] * tint + grain).clip(0, 255).astype(np.uint8)
    )
    return lit
