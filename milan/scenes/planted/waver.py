"""A hand that wavers: from where each pixel of a picture is taken when it is drawn again."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int64
from PIL import Image

__all__ = ["Taken", "wandering"]

_CELLS = 7  # bends along each side


class Taken(NamedTuple):
    """Rows and columns of a picture, to index it with."""

    rows: Int64[np.ndarray, "height width"]
    columns: Int64[np.ndarray, "height width"]


def wandering(height: int, width: int, waver: float, rng: np.random.Generator) -> Taken:
    """Each pixel's own place with a smooth random step of up to `waver` of the height.

    >>> taken = wandering(20, 30, 0.0, np.random.default_rng(0))
    >>> int(taken.rows[7, 3]), int(taken.columns[7, 3])
    (7, 3)
    """
    own = np.indices((height, width), dtype=np.float32)
    steps = []
    for axis, length in enumerate((height, width)):
        coarse = Image.fromarray(rng.uniform(-1, 1, (_CELLS, _CELLS)).astype(np.float32))
        smooth = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
        moved = np.rint(own[axis] + smooth * np.float32(waver * height))
        steps.append(moved.clip(0, length - 1).astype(np.int64))
    return Taken(*steps)
