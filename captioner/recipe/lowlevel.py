"""What early units see: colours, brightness, lines and smoothness, named from the pixels themselves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32
from PIL import Image

from captioner.recipe.cutouts import as_counts
from captioner.recipe.photos import split_of
from captioner.samples import Sample

__all__ = ["pixel_samples"]

_GRID = 28
_CELL = 4  # pixels a side
_SMALLEST = 0.03  # share of the photo
_LARGEST = 0.6

_COLOURS = {
    "red": (200, 30, 30),
    "orange": (240, 140, 30),
    "yellow": (240, 220, 50),
    "green": (50, 140, 50),
    "blue": (40, 80, 190),
    "light blue": (150, 200, 240),
    "purple": (120, 50, 150),
    "pink": (240, 150, 180),
    "brown": (120, 75, 40),
    "beige": (220, 200, 165),
    "white": (245, 245, 245),
    "grey": (128, 128, 128),
    "black": (15, 15, 15),
}
_NAMES = list(_COLOURS)


def pixel_samples(folder: Path, files: list[str], seed: int) -> Iterator[Sample]:
    """Up to three regions a photo, the rarer names first."""
    random = np.random.default_rng(seed)
    used: dict[str, int] = {}
    for file in files:
        with Image.open(folder / file) as image:
            small = image.convert("RGB").resize((_GRID * _CELL, _GRID * _CELL), Image.Resampling.BILINEAR)
        regions = {
            phrases: mask
            for phrases, mask in _regions(np.asarray(small, np.float32))
            if _SMALLEST < mask.mean() < _LARGEST
        }
        rarest = sorted(regions, key=lambda phrases: (used.get(phrases[0], 0), random.random()))
        for phrases in rarest[:3]:
            used[phrases[0]] = used.get(phrases[0], 0) + 1
            yield Sample(file, as_counts(regions[phrases]), phrases, "pixels", split_of(file))


def _regions(
    pixels: Float32[np.ndarray, "height width 3"],
) -> Iterator[tuple[tuple[str, ...], Bool[np.ndarray, "grid grid"]]]:
    cells = pixels.reshape(_GRID, _CELL, _GRID, _CELL, 3).mean((1, 3))
    nearest = _nearest_colour(cells)
    for index, name in enumerate(_NAMES):
        yield (f"the colour {name}", name), nearest == index
    grey = pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    brightness = grey.reshape(_GRID, _CELL, _GRID, _CELL).mean((1, 3))
    yield ("a bright area", "bright light"), brightness > 235
    yield ("a dark area", "darkness", "a shadow"), brightness < 30
    yield from _lines(grey)


def _lines(
    grey: Float32[np.ndarray, "height width"],
) -> Iterator[tuple[tuple[str, ...], Bool[np.ndarray, "grid grid"]]]:
    """Directions by the structure tensor: a gradient across, an edge along."""
    down, across = np.gradient(grey)
    xx, yy, xy = (_smooth(product) for product in (across * across, down * down, across * down))
    energy = xx + yy
    coherence = np.hypot(xx - yy, 2 * xy) / (energy + 1e-6)
    angle = np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)) % 180  # of the gradient; 0 = edge upright
    line = (energy > 150) & (coherence > 0.7)
    yield ("vertical lines", "a vertical edge"), line & ((angle < 20) | (angle > 160))
    yield ("horizontal lines", "a horizontal edge"), line & (np.abs(angle - 90) < 20)
    # the picture's y axis points down: a gradient towards 45 degrees belongs to an edge rising to the right
    yield ("diagonal lines", "a diagonal edge", "lines rising to the right"), line & (np.abs(angle - 45) < 20)
    yield (
        ("diagonal lines", "a diagonal edge", "lines falling to the right"),
        line & (np.abs(angle - 135) < 20),
    )
    yield ("a fine texture", "a busy pattern", "many small details"), (energy > 400) & (coherence < 0.35)
    yield ("a smooth surface", "a plain background", "a blurry area"), energy < 4


def _smooth(values: Float32[np.ndarray, "height width"]) -> Float32[np.ndarray, "grid grid"]:
    cells = values.reshape(_GRID, _CELL, _GRID, _CELL).mean((1, 3))
    padded = np.pad(cells, 1, mode="edge")
    total = sum(padded[i : i + _GRID, j : j + _GRID] for i in range(3) for j in range(3))
    return np.asarray(total / 9, np.float32)


def _nearest_colour(
    cells: Float32[np.ndarray, "grid grid 3"],
) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Nearest in a space that keeps hue apart from brightness (opponent axes, brightness at half weight)."""
    named = _opponent(np.array(list(_COLOURS.values()), np.float32))
    distance = ((_opponent(cells)[:, :, None] - named) ** 2).sum(-1)
    return np.asarray(distance.argmin(-1))


def _opponent(rgb: Float32[np.ndarray, "... 3"]) -> Float32[np.ndarray, "... 3"]:
    red, green, blue = np.moveaxis(rgb, -1, 0)
    return np.stack([0.5 * (red + green + blue) / 3, red - green, 0.5 * (red + green) - blue], -1)
