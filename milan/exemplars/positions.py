"""Which positions of a map are looked at, drawn by the image's content.

Each cell of a coarser grid gives one: a lattice would fall in step with stripes and textures.
"""

import hashlib
import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64, UInt16
from torch import Tensor

__all__ = ["drawn_values", "thinned"]


def thinned(maps: Float[Tensor, "unit height width"], size: int, key: bytes) -> Float[Tensor, "unit ..."]:
    """All positions of a grid of up to size x size; of a larger one, one from each of so many cells."""
    height, width = maps.shape[1:]
    scale = size / math.sqrt(height * width)
    if scale >= 1:
        return maps
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    down, across = _draws(key, 2 * rows * columns).reshape(2, rows, columns).astype(np.int64)
    row = ((np.arange(rows)[:, None] << 16) + down) * height // (rows << 16)
    column = ((np.arange(columns) << 16) + across) * width // (columns << 16)
    positions = torch.from_numpy((row * width + column).ravel())
    return maps.flatten(1).index_select(1, positions.to(maps.device))


def drawn_values(
    activations: Float[Tensor, "image unit height width"],
    rows: Int64[Tensor, " row"],
    keys: Sequence[bytes],
    n_positions: int,
) -> Float32[np.ndarray, "row position unit"]:
    """Activations at so many positions of some rows, one from each of as many parts of the grid."""
    height, width = activations.shape[2:]
    draws = np.stack([_draws(b"values" + key, n_positions) for key in keys]).astype(np.int64)
    positions = ((np.arange(n_positions) << 16) + draws) * (height * width) // (n_positions << 16)
    at = torch.from_numpy(positions).to(activations.device)
    rows = rows.to(activations.device)
    values: Float32[np.ndarray, "row position unit"] = (
        activations[rows[:, None], :, at // width, at % width].cpu().numpy()
    )
    return values


def _draws(key: bytes, n: int) -> UInt16[np.ndarray, " draw"]:
    return np.frombuffer(hashlib.shake_128(key).digest(2 * n), np.uint16)
