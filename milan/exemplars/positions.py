"""Which positions of a map are looked at, drawn by the image's content.

Each cell of a coarser grid gives one: a lattice would fall in step with stripes and textures.
"""

import hashlib
import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Float32, UInt16
from torch import Tensor

__all__ = ["drawn_values", "looked_at", "thinned"]

_VALUES = 300_000
"""Looked at in each image and layer, all units together."""
_POSITIONS = 49 * 49
"""Looked at in each image: the next ones lie so near that they say little more."""


def looked_at(n_units: int, grid: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the grid of cells that give one position each; of a small grid, the grid itself."""
    height, width = grid
    scale = math.sqrt(min(_VALUES / n_units, _POSITIONS) / (height * width))
    if scale >= 1:
        return grid
    return max(1, round(height * scale)), max(1, round(width * scale))


def thinned(maps: Float[Tensor, "unit height width"], key: bytes) -> Float[Tensor, "unit ..."]:
    """The positions that are looked at, drawn by the image's key."""
    n_units, height, width = maps.shape
    rows, columns = looked_at(n_units, (height, width))
    if (rows, columns) == (height, width):
        return maps
    down, across = _draws(key, 2 * rows * columns).reshape(2, rows, columns).astype(np.int64)
    row = ((np.arange(rows)[:, None] << 16) + down) * height // (rows << 16)
    column = ((np.arange(columns) << 16) + across) * width // (columns << 16)
    positions = torch.from_numpy((row * width + column).ravel())
    return maps.flatten(1).index_select(1, positions.to(maps.device))


def drawn_values(
    pieces: Sequence[Float[Tensor, "unit ..."]], keys: Sequence[bytes], n_positions: int
) -> Float32[np.ndarray, "image position unit"]:
    """Activations at so many of each image's positions, one from each of as many parts of them."""
    values = np.empty((len(pieces), n_positions, len(pieces[0])), np.float32)
    for row, piece, key in zip(values, pieces, keys, strict=True):
        flat = piece.flatten(1)
        draws = _draws(b"values" + key, n_positions).astype(np.int64)
        positions = ((np.arange(n_positions) << 16) + draws) * flat.shape[1] // (n_positions << 16)
        row[:] = flat.index_select(1, torch.from_numpy(positions).to(flat.device)).T.cpu().numpy()
    return values


def _draws(key: bytes, n: int) -> UInt16[np.ndarray, " draw"]:
    return np.frombuffer(hashlib.shake_128(key).digest(2 * n), np.uint16)
