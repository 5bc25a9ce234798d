"""Two-coloured textures that fill any rectangle."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float32, UInt8

__all__ = ["TEXTURES", "paint_texture"]

Rows = Float32[np.ndarray, "height 1"]
Columns = Float32[np.ndarray, "1 width"]
Second = Bool[np.ndarray, "#height #width"]
Pattern = Callable[[Rows, Columns], Second]
"""Where the second colour goes, from rows and columns in periods of the texture; stripes need one of them."""


def _bricks(row: Rows, column: Columns) -> Second:
    shifted = column / 2 + 0.5 * (np.floor(row) % 2)
    return np.asarray((row % 1 < 0.16) | (shifted % 1 < 0.08))


def _dots(row: Rows, column: Columns) -> Second:
    shifted = column + 0.5 * (np.floor(row) % 2)
    return np.asarray((row % 1 - 0.5) ** 2 + (shifted % 1 - 0.5) ** 2 < 0.1)


def _scales(row: Rows, column: Columns) -> Second:
    shifted = column + 0.5 * (np.floor(row * 2) % 2)
    distance = np.hypot((shifted % 1) - 0.5, (row * 2) % 1 * 0.5)
    return np.asarray((distance > 0.4) & (distance < 0.5))


TEXTURES: Mapping[str, Pattern] = MappingProxyType(
    {
        "horizontal stripes": lambda row, column: np.asarray(row % 1 < 0.5),
        "vertical stripes": lambda row, column: np.asarray(column % 1 < 0.5),
        "diagonal stripes": lambda row, column: np.asarray((row + column) % 1.4 < 0.7),
        "polka dots": _dots,
        "checks": lambda row, column: np.asarray((row % 1 < 0.5) ^ (column % 1 < 0.5)),
        "zigzags": lambda row, column: np.asarray((row + np.abs(column % 1 - 0.5)) % 1 < 0.5),
        "waves": lambda row, column: np.asarray((row + 0.18 * np.sin(2 * np.pi * column / 1.5)) % 1 < 0.45),
        "grid lines": lambda row, column: np.asarray((row % 1 < 0.16) | (column % 1 < 0.16)),
        "bricks": _bricks,
        "scales": _scales,
        "concentric rings": lambda row, column: np.asarray(
            np.hypot(row - row.mean(), column - column.mean()) % 1 < 0.5
        ),
    }
)
"""Names (English plurals) and patterns."""


def paint_texture(
    name: str,
    shape: tuple[int, int],
    period: float,
    colours: tuple[UInt8[np.ndarray, "3"], UInt8[np.ndarray, "3"]],
) -> UInt8[np.ndarray, "height width 3"]:
    """Fill a rectangle of (height, width) pixels; a period is in pixels, the first colour lies below."""
    rows = np.arange(shape[0], dtype=np.float32)[:, None] / period
    columns = np.arange(shape[1], dtype=np.float32)[None, :] / period
    # Broadcasting leaves stripes as thin arrays: they are spread only when they are painted.
    second = np.broadcast_to(TEXTURES[name](rows, columns), shape)
    painted: UInt8[np.ndarray, "height width 3"] = np.where(second[..., None], colours[1], colours[0])
    return painted
