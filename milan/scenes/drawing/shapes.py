"""Plain geometric shapes as coverage masks."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw

__all__ = ["SHAPES", "shape_coverage"]

_OVERSAMPLING = 4
Points = list[tuple[float, float]]


def _regular(n_corners: int, turn: float = -90.0) -> Points:
    angles = [math.radians(turn + 360 * i / n_corners) for i in range(n_corners)]
    return _fitted([(math.cos(a), math.sin(a)) for a in angles])


def _star() -> Points:
    radii = [1.0 if i % 2 == 0 else 0.4 for i in range(10)]
    angles = [math.radians(-90 + 36 * i) for i in range(10)]
    return _fitted([(r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)])


def _heart() -> Points:
    turns = [2 * math.pi * i / 80 for i in range(80)]
    return _fitted(
        [
            (
                16 * math.sin(t) ** 3,
                -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)),
            )
            for t in turns
        ]
    )


def _fitted(points: Points) -> Points:
    """Stretch points to the unit square, keeping proportions."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    left, top = (min(xs) + max(xs) - extent) / 2, (min(ys) + max(ys) - extent) / 2
    return [((x - left) / extent, (y - top) / extent) for x, y in points]


def _polygon(points: Points) -> Callable[[ImageDraw.ImageDraw, int], None]:
    def draw(pen: ImageDraw.ImageDraw, size: int) -> None:
        pen.polygon([(x * (size - 1), y * (size - 1)) for x, y in points], fill=255)

    return draw


def _ellipses(*boxes: tuple[float, float, float, float, int]) -> Callable[[ImageDraw.ImageDraw, int], None]:
    def draw(pen: ImageDraw.ImageDraw, size: int) -> None:
        for left, top, right, bottom, fill in boxes:
            edge = size - 1
            pen.ellipse((left * edge, top * edge, right * edge, bottom * edge), fill=fill)

    return draw


_CROSS: Points = [
    (1 / 3, 0), (2 / 3, 0), (2 / 3, 1 / 3), (1, 1 / 3), (1, 2 / 3), (2 / 3, 2 / 3),
    (2 / 3, 1), (1 / 3, 1), (1 / 3, 2 / 3), (0, 2 / 3), (0, 1 / 3), (1 / 3, 1 / 3),
]  # fmt: skip

SHAPES: Mapping[str, Callable[[ImageDraw.ImageDraw, int], None]] = MappingProxyType(
    {
        "circle": _ellipses((0.0, 0.0, 1.0, 1.0, 255)),
        "crescent": _ellipses((0.0, 0.0, 1.0, 1.0, 255), (0.3, -0.02, 1.22, 0.9, 0)),
        "cross": _polygon(_CROSS),
        "diamond": _polygon([(0.5, 0), (0.88, 0.5), (0.5, 1), (0.12, 0.5)]),
        "heart": _polygon(_heart()),
        "hexagon": _polygon(_regular(6)),
        "oval": _ellipses((0.0, 0.2, 1.0, 0.8, 255)),
        "pentagon": _polygon(_regular(5)),
        "rectangle": _polygon([(0, 0.22), (1, 0.22), (1, 0.78), (0, 0.78)]),
        "ring": _ellipses((0.0, 0.0, 1.0, 1.0, 255), (0.24, 0.24, 0.76, 0.76, 0)),
        "square": _polygon([(0, 0), (1, 0), (1, 1), (0, 1)]),
        "star": _polygon(_star()),
        "triangle": _polygon(_regular(3)),
    }
)
"""How each shape is drawn with a pen on a square."""


@lru_cache(maxsize=512)
def shape_coverage(name: str, size: int) -> UInt8[np.ndarray, "size size"]:
    """How much of each pixel a shape covers, 0 to 255."""
    large = Image.new("L", (size * _OVERSAMPLING, size * _OVERSAMPLING))
    SHAPES[name](ImageDraw.Draw(large), large.width)
    return np.asarray(large.reduce(_OVERSAMPLING))
