"""Show a model that knows whole pictures only which region is meant.

The picture outside the region is dimmed to a quarter, and a square window around the region is cut out:

- *dimmed*, not blackened: a black surrounding has a hard edge, which becomes the most striking thing in the
  picture, and a part ("the ear of a dog") can only be named with the rest in sight. A quarter is what MILAN
  shows people (Hernandez et al. 2022), and leaves no doubt which part is meant;
- *cut out*, for a captioner describes what is large. The window keeps a margin of half the region's size on
  each side, and is square because the models' own preprocessing squeezes or crops everything to a square.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from PIL import Image
from torch import nn

from captioner.fingerprint import tensor_hashes

__all__ = ["DIMMED", "PromptPictureReader", "as_picture", "prompt_picture"]

DIMMED = 0.25
"""Brightness left outside the region."""

_MARGIN = 0.5
_SMALLEST_WINDOW = 0.25  # of the picture's shorter side: below it there is only blur
_INSIDE = 0.5  # of the mask's maximum


class PromptPictureReader:
    """A `Reader` whose features are prompt pictures: 0 to 255, [region, side, side, 3].

    Pictures rather than a model's own states: exact in half precision, of one size for all models, and
    smaller (at 224 pixels 0.3 MB a region; the states of BLIP's eye take 0.9 MB).
    """

    def __init__(self, eye: nn.Module, side: int = 224) -> None:
        self._eye = eye
        self.side = side

    @property
    def pools(self) -> bool:
        """Each region is a picture of its own to the model."""
        return False

    @cached_property
    def tensor_hashes(self) -> frozenset[str]:
        """Content of the model's image encoder; see `captioner.fingerprint`."""
        return tensor_hashes(self._eye)

    def read(
        self,
        pictures: Sequence[UInt8[np.ndarray, "height width 3"]],
        masks: Sequence[Float32[np.ndarray, "region grid_height grid_width"]],
    ) -> list[Float32[np.ndarray, "region side side 3"]]:
        """The prompt picture of every region."""
        return [
            np.stack([prompt_picture(picture, mask, self.side) for mask in held]).astype(np.float32)
            if len(held)
            else np.zeros((0, self.side, self.side, 3), np.float32)
            for picture, held in zip(pictures, masks, strict=True)
        ]


def prompt_picture(
    picture: UInt8[np.ndarray, "height width 3"],
    mask: Float32[np.ndarray, "grid_height grid_width"],
    side: int,
) -> UInt8[np.ndarray, "side side 3"]:
    """Dim what lies outside the region, cut a square window around it, resize it to `side` pixels.

    The mask holds weights >= 0 on a grid of any size over the picture; zeros stand for the whole picture.
    """
    height, width = picture.shape[:2]
    weights = _resized(mask, height, width) if mask.max() > 0 else np.ones((height, width), np.float32)
    weights = np.clip(weights / weights.max(), 0, 1)
    dimmed = picture * (DIMMED + (1 - DIMMED) * weights)[..., None]
    window = _cut(np.rint(dimmed).astype(np.uint8), *_window(weights > _INSIDE))
    # bilinear: sharper filters draw a bright line along the dimmed edge
    resized = Image.fromarray(window).resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(resized)


def as_picture(feature: Float32[np.ndarray, "side side 3"]) -> Image.Image:
    """A row of the reader's features as the picture that a model's own preprocessing takes."""
    return Image.fromarray(np.rint(feature).astype(np.uint8))


def _resized(
    mask: Float32[np.ndarray, "grid_height grid_width"], height: int, width: int
) -> Float32[np.ndarray, "height width"]:
    grid = torch.from_numpy(np.ascontiguousarray(mask, np.float32))[None, None]
    resized = nn.functional.interpolate(grid, size=(height, width), mode="bilinear", align_corners=False)
    weights: Float32[np.ndarray, "height width"] = resized[0, 0].numpy()
    return weights


def _window(inside: np.ndarray) -> tuple[int, int, int]:
    """Top, left and side of the square around the region; inside the picture where it fits."""
    height, width = inside.shape
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    side = max(max(tall, wide) * (1 + 2 * _MARGIN), min(height, width) * _SMALLEST_WINDOW)
    side = int(np.ceil(min(side, max(height, width))))
    return _start(rows, side, height), _start(columns, side, width), side


def _start(positions: np.ndarray, side: int, length: int) -> int:
    if side >= length:
        return (length - side) // 2
    centred = (int(positions[0]) + int(positions[-1]) + 1 - side) // 2
    return min(max(centred, 0), length - side)


def _cut(
    picture: UInt8[np.ndarray, "height width 3"], top: int, left: int, side: int
) -> UInt8[np.ndarray, "side side 3"]:
    """The window; where it reaches over the picture's edge it is black."""
    window = np.zeros((side, side, 3), np.uint8)
    height, width = picture.shape[:2]
    bottom, right = min(top + side, height), min(left + side, width)
    window[max(-top, 0) : bottom - top, max(-left, 0) : right - left] = picture[
        max(top, 0) : bottom, max(left, 0) : right
    ]
    return window
