"""Procedural backgrounds, each with the regions that can be pointed at.

A painting knows its regions before anything lies on it; the renderer takes away what objects cover.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from PIL import Image

from milan.scenes.colours import COLOURS, jittered
from milan.scenes.drawing.textures import TEXTURES, paint_texture

__all__ = ["PAINTINGS", "Background", "Painting", "Region", "contrasting"]

Colour = UInt8[np.ndarray, "3"]
Rgb = UInt8[np.ndarray, "height width 3"]
Field = Float32[np.ndarray, "height width"]


class Region(NamedTuple):
    """A part of a background with a name."""

    concept: str
    phrases: tuple[str, ...]
    """Most specific first."""
    colour: str
    mask: Bool[np.ndarray, "height width"]


class Background(NamedTuple):
    """A painted background; its regions are disjoint and cover it."""

    picture: Rgb
    regions: tuple[Region, ...]


class Painting(NamedTuple):
    """A way to paint, with the concepts it shows."""

    paint: Callable[[int, np.random.Generator], Background]
    concepts: tuple[str, ...]
    weight: float
    """How often it is chosen, against the others."""


def contrasting(name: str, rng: np.random.Generator) -> str:
    """Another colour that is well apart from a named one."""
    here = np.array(COLOURS[name], dtype=np.float32)
    apart = [n for n, rgb in COLOURS.items() if np.abs(here - np.array(rgb, dtype=np.float32)).sum() > 150]
    return str(rng.choice(apart))


def _plain(size: int, rng: np.random.Generator) -> Background:
    colour = _any_colour(rng)
    picture = np.broadcast_to(jittered(colour, rng), (size, size, 3)).copy()
    phrases = (f"a plain {colour} background", f"a {colour} background", "a plain background")
    return Background(picture, (_everything("background:plain", phrases, colour, size),))


def _gradient(size: int, rng: np.random.Generator) -> Background:
    first = _any_colour(rng)
    second = contrasting(first, rng)
    turn = rng.uniform(0, 2 * np.pi)
    axis = np.linspace(-1, 1, size, dtype=np.float32)
    along = axis[:, None] * np.float32(np.sin(turn)) + axis[None, :] * np.float32(np.cos(turn))
    picture = _blend(jittered(first, rng), jittered(second, rng), _normalised(along))
    phrases = (f"a gradient from {first} to {second}", "a gradient", "a background of changing colour")
    return Background(picture, (_everything("background:gradient", phrases, first, size),))


def _noise(size: int, rng: np.random.Generator) -> Background:
    colour = _any_colour(rng)
    grain = rng.integers(-48, 49, (size, size, 1), dtype=np.int16)
    picture = np.clip(jittered(colour, rng).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    phrases = (f"a grainy {colour} background", f"a {colour} background", "a grainy background")
    return Background(picture, (_everything("background:noise", phrases, colour, size),))


def _mottled(size: int, rng: np.random.Generator) -> Background:
    first = _any_colour(rng)
    second = contrasting(first, rng)
    picture = _blend(jittered(first, rng), jittered(second, rng), _billows(size, size, rng))
    phrases = (f"a blurred {first} and {second} background", "a blurred background", "a background")
    return Background(picture, (_everything("background:blurred", phrases, first, size),))


def _cloudy(size: int, rng: np.random.Generator) -> Background:
    phrases = ("a blue sky with white clouds", "a cloudy sky", "sky")
    return Background(_sky(size, size, rng, 0.45), (_everything("background:sky", phrases, "blue", size),))


def _starry(size: int, rng: np.random.Generator) -> Background:
    picture = _down(np.array((12, 14, 40), np.uint8), np.array((36, 34, 84), np.uint8), size, size)
    n_stars = int(rng.integers(25, 70))
    rows, columns = rng.integers(0, size - 1, (2, n_stars))
    for row, column, large in zip(rows, columns, rng.random(n_stars) < 0.3, strict=True):
        picture[row : row + 1 + large, column : column + 1 + large] = (250, 245, 215)
    phrases = ("a dark night sky with stars", "a starry sky", "night sky", "sky")
    return Background(picture, (_everything("background:night_sky", phrases, "black", size),))


def _meadow(size: int, rng: np.random.Generator) -> Background:
    horizon = _horizon(size, rng)
    picture = _sky(size, size, rng, 0.2)
    field = _blend(
        np.array((70, 150, 60), np.uint8),
        np.array((120, 190, 80), np.uint8),
        _billows(size - horizon, size, rng),
    )
    blades = rng.integers(-22, 23, (*field.shape[:2], 1), dtype=np.int16)
    picture[horizon:] = np.clip(field.astype(np.int16) + blades, 0, 255).astype(np.uint8)
    grass = ("a green meadow under the sky", "green grass", "grass")
    return Background(picture, _above_and_below(size, horizon, ("background:grass", grass, "green")))


def _seaside(size: int, rng: np.random.Generator) -> Background:
    horizon = _horizon(size, rng)
    picture = _sky(size, size, rng, 0.2)
    waves = paint_texture(
        "waves",
        (size - horizon, size),
        max(6.0, size / 14),
        (jittered("blue", rng), np.array((66, 128, 205), np.uint8)),
    )
    picture[horizon:] = waves
    sea = ("blue sea with waves", "the sea", "water")
    return Background(picture, _above_and_below(size, horizon, ("background:sea", sea, "blue")))


def _skyline(size: int, rng: np.random.Generator) -> Background:
    picture = _sky(size, size, rng, 0.15)
    built = np.zeros((size, size), dtype=np.bool_)
    left = 0
    while left < size:
        width = int(rng.integers(size // 10, size // 5))
        top = int(rng.integers(size * 2 // 5, size * 3 // 4))
        wall = rng.integers(55, 120)
        picture[top:, left : left + width] = (wall, wall, wall + 14)
        _light_windows(picture, (top, left, width), max(4, size // 28), rng)
        built[top:, left : left + width] = True
        left += width
    buildings = ("grey buildings of a city", "city buildings", "a skyline", "buildings")
    sky = ("blue sky above a city", "blue sky", "sky")
    regions = (
        Region("background:sky", sky, "blue", ~built),
        Region("background:buildings", buildings, "grey", built),
    )
    return Background(picture, regions)


def _textured(texture: str, size: int, rng: np.random.Generator) -> Background:
    first = _any_colour(rng)
    second = contrasting(first, rng)
    period = float(rng.uniform(0.07, 0.22)) * size
    picture = paint_texture(texture, (size, size), period, (jittered(first, rng), jittered(second, rng)))
    phrases = (f"a background of {first} and {second} {texture}", f"a background of {texture}", texture)
    return Background(picture, (_everything(f"texture:{texture.replace(' ', '_')}", phrases, first, size),))


PAINTINGS: Mapping[str, Painting] = MappingProxyType(
    {
        "plain": Painting(_plain, ("background:plain",), 1.0),
        "gradient": Painting(_gradient, ("background:gradient",), 1.0),
        "noise": Painting(_noise, ("background:noise",), 1.0),
        "blurred": Painting(_mottled, ("background:blurred",), 1.0),
        "cloudy sky": Painting(_cloudy, ("background:sky",), 1.0),
        "night sky": Painting(_starry, ("background:night_sky",), 1.0),
        "meadow": Painting(_meadow, ("background:sky", "background:grass"), 1.0),
        "sea": Painting(_seaside, ("background:sky", "background:sea"), 1.0),
        "skyline": Painting(_skyline, ("background:sky", "background:buildings"), 1.0),
        **{
            name: Painting(partial(_textured, name), (f"texture:{name.replace(' ', '_')}",), 0.25)
            for name in TEXTURES
        },
    }
)
"""Every background by name."""


def _any_colour(rng: np.random.Generator) -> str:
    return str(rng.choice(list(COLOURS)))


def _everything(concept: str, phrases: tuple[str, ...], colour: str, size: int) -> Region:
    return Region(concept, phrases, colour, np.ones((size, size), dtype=np.bool_))


def _above_and_below(
    size: int, horizon: int, ground: tuple[str, tuple[str, ...], str]
) -> tuple[Region, Region]:
    below = np.zeros((size, size), dtype=np.bool_)
    below[horizon:] = True
    sky = ("blue sky above the horizon", "blue sky", "sky")
    return Region("background:sky", sky, "blue", ~below), Region(*ground, below)


def _horizon(size: int, rng: np.random.Generator) -> int:
    return int(rng.uniform(0.4, 0.7) * size)


def _sky(height: int, width: int, rng: np.random.Generator, cover: float) -> Rgb:
    blue = _down(np.array((88, 150, 226), np.uint8), np.array((186, 218, 246), np.uint8), height, width)
    cloud = np.clip((_billows(height, width, rng) - (1 - cover)) * 3.5, 0, 0.95)[..., None]
    painted: Rgb = (blue + (np.float32(252) - blue) * cloud).astype(np.uint8)
    return painted


def _light_windows(picture: Rgb, building: tuple[int, int, int], step: int, rng: np.random.Generator) -> None:
    top, left, width = building
    for row in range(top + step // 2, picture.shape[0] - step // 2, step):
        for column in range(left + step // 2, min(left + width, picture.shape[1]) - step // 2, step):
            if rng.random() < 0.4:
                picture[row : row + step // 2, column : column + step // 2] = (240, 222, 140)


def _billows(height: int, width: int, rng: np.random.Generator) -> Field:
    """Smooth noise between 0 and 1 in three octaves."""
    total = np.zeros((height, width), dtype=np.float32)
    for cells, weight in ((4, 0.6), (9, 0.28), (20, 0.12)):
        coarse = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        total += weight * np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    return _normalised(total)


def _normalised(field: Field) -> Field:
    low, high = field.min(), field.max()
    scaled: Field = ((field - low) / max(high - low, np.float32(1e-6))).astype(np.float32)
    return scaled


def _down(top: Colour, bottom: Colour, height: int, width: int) -> Rgb:
    column = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return np.repeat(_blend(top, bottom, column), width, axis=1)


def _blend(first: Colour, second: Colour, share: Field) -> Rgb:
    """First where share is 0, second where it is 1."""
    start = first.astype(np.float32)
    painted: Rgb = (start + (second.astype(np.float32) - start) * share[..., None]).astype(np.uint8)
    return painted
