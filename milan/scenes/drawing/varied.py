"""Drawings of emoji in ever other manners: who learns from them learns the thing and not the manner.

Domain randomisation (Tobin et al., IROS 2017): hue, tones, outlines and stance change from one to the next.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from milan.scenes.drawing.cutouts import CutoutStyle, twemoji

__all__ = ["in_any_light", "varied"]

Rgba = UInt8[np.ndarray, "height width 4"]

_SIDE = 112
_TURN = 22  # of 256 steps around the colour wheel
_TILT = 12.0  # degrees


def varied(rng: np.random.Generator) -> CutoutStyle:
    """A style of drawing Twemoji; every call of the style draws its emoji in a manner of its own."""

    def drawn(character: str) -> Rgba | None:
        known = twemoji(character)
        if known is None:
            return None
        picture = Image.fromarray(known).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
        picture = picture.rotate(float(rng.uniform(-_TILT, _TILT)), Image.Resampling.BICUBIC)
        alpha = picture.getchannel("A")
        colours = picture.convert("RGB")
        for change, chance in _CHANGES:
            if rng.random() < chance:
                colours = change(colours, rng)
        if rng.random() < 0.5:
            colours = _outlined(colours, alpha, rng)
        return np.dstack([np.asarray(colours), np.asarray(alpha)])

    return drawn


def in_any_light(
    picture: UInt8[np.ndarray, "height width 3"], rng: np.random.Generator
) -> UInt8[np.ndarray, "height width 3"]:
    """A whole picture brighter or darker, softer or harder, blurred or grained."""
    drawn = Image.fromarray(picture)
    drawn = ImageEnhance.Brightness(drawn).enhance(float(rng.uniform(0.75, 1.2)))
    drawn = ImageEnhance.Contrast(drawn).enhance(float(rng.uniform(0.75, 1.2)))
    if rng.random() < 0.3:
        drawn = drawn.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.2))))
    grain = rng.normal(0, rng.uniform(0, 8), picture.shape[:2])[..., None]
    found: UInt8[np.ndarray, "height width 3"] = (np.asarray(drawn) + grain).clip(0, 255).astype(np.uint8)
    return found


def _turned(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    turn = int(rng.integers(-_TURN, _TURN + 1))
    hue, saturation, value = picture.convert("HSV").split()
    return Image.merge("HSV", (hue.point(lambda h: (h + turn) % 256), saturation, value)).convert("RGB")


def _coloured(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    return ImageEnhance.Color(picture).enhance(float(rng.uniform(0.3, 1.4)))


def _flattened(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    return ImageOps.posterize(picture, int(rng.integers(2, 5)))


def _hardened(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(float(rng.uniform(0.6, 1.5)))


def _lined(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Dark lines along the edges inside."""
    edges = ImageOps.invert(picture.convert("L").filter(ImageFilter.FIND_EDGES))
    lines = ImageOps.autocontrast(edges.filter(ImageFilter.MinFilter(3))).convert("RGB")
    return Image.blend(picture, ImageChops.multiply(picture, lines), float(rng.uniform(0.3, 1)))


def _shaded(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Light from some side."""
    down, across = rng.uniform(-0.3, 0.3, 2)
    light = (
        1 + down * np.linspace(-1, 1, picture.height)[:, None] + across * np.linspace(-1, 1, picture.width)
    )
    return Image.fromarray((np.asarray(picture) * light[..., None]).clip(0, 255).astype(np.uint8))


def _outlined(picture: Image.Image, alpha: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A dark rim of some width."""
    inner = alpha.filter(ImageFilter.MinFilter(int(rng.choice([3, 5, 7]))))
    ink = Image.new("RGB", picture.size, tuple(int(tone) for tone in rng.integers(0, 80, 3)))
    return Image.composite(picture, ink, inner)


_CHANGES: tuple[tuple[Callable[[Image.Image, np.random.Generator], Image.Image], float], ...] = (
    (_turned, 0.7),
    (_coloured, 0.4),
    (_hardened, 0.4),
    (_flattened, 0.4),
    (_lined, 0.4),
    (_shaded, 0.5),
)
