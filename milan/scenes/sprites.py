"""A concept drawn once: the cut-out to place and the phrases that are true of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from milan.errors import UnknownName
from milan.scenes.anatomy import ANATOMY, PartBox
from milan.scenes.colours import COLOURS, jittered, main_colour
from milan.scenes.concepts import Concept
from milan.scenes.drawing.backgrounds import contrasting
from milan.scenes.drawing.cutouts import CutoutStyle, resized
from milan.scenes.drawing.lettering import text_coverage
from milan.scenes.drawing.shapes import shape_coverage
from milan.scenes.drawing.textures import paint_texture
from milan.scenes.english import with_article
from milan.scenes.settings import Kind

__all__ = ["Sprite", "draw_sprite"]

Rgba = UInt8[np.ndarray, "height width 4"]


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A drawn concept, not yet placed."""

    concept: Concept
    cutout: Rgba
    """Colour and coverage."""
    colour: str
    """Name of its main colour."""
    phrases: tuple[str, ...]
    """Most specific first."""
    part_boxes: Mapping[str, PartBox]
    """Anatomical parts on a 36x36 grid over the cut-out, see `anatomy`."""


def draw_sprite(concept: Concept, size: int, rng: np.random.Generator, style: CutoutStyle) -> Sprite:
    """Draw a concept about `size` pixels wide, in colours that the generator chooses."""
    return _DRAWERS[concept.kind](concept, size, rng, style)


def _emoji(concept: Concept, size: int, _: np.random.Generator, style: CutoutStyle) -> Sprite:
    names = (concept.name, *concept.synonyms, *concept.kinds)
    return Sprite(
        concept,
        cutout=resized(_cutout(style, concept.symbol), size, size),
        colour=_cutout_colour(style, concept.symbol),
        phrases=tuple(dict.fromkeys(with_article(name) for name in names)),
        part_boxes=ANATOMY.get(concept.key, {}),
    )


def _cutout(style: CutoutStyle, symbol: str) -> Rgba:
    cutout = style(symbol)
    if cutout is None:
        raise UnknownName("drawing of an emoji in this style", symbol, (), "Choose concepts it draws")
    return cutout


@lru_cache(maxsize=4096)
def _cutout_colour(style: CutoutStyle, symbol: str) -> str:
    return main_colour(_cutout(style, symbol))


def _shape(concept: Concept, size: int, rng: np.random.Generator, _: CutoutStyle) -> Sprite:
    colour = _any_colour(rng)
    coverage = shape_coverage(concept.symbol, size)
    plain = with_article(concept.name)
    phrases = (with_article(f"{colour} {concept.name}"), plain, f"a {colour} shape", "a shape")
    return _sprite(concept, _filled(coverage, jittered(colour, rng)), colour, phrases)


def _texture(concept: Concept, size: int, rng: np.random.Generator, _: CutoutStyle) -> Sprite:
    colour = _any_colour(rng)
    second = contrasting(colour, rng)
    outline = str(rng.choice(["square", "circle", "rectangle", "hexagon"]))
    period = float(rng.uniform(0.14, 0.3)) * size
    fill = paint_texture(
        concept.symbol, (size, size), max(period, 5.0), (jittered(colour, rng), jittered(second, rng))
    )
    coverage = shape_coverage(outline, size)
    texture = concept.name
    phrases = (
        f"a {outline} with {colour} and {second} {texture}",
        f"{colour} and {second} {texture}",
        texture,
        "a pattern",
    )
    return _sprite(concept, np.dstack([fill, coverage]), colour, phrases)


def _writing(concept: Concept, size: int, rng: np.random.Generator, _: CutoutStyle) -> Sprite:
    colour = _any_colour(rng)
    coverage = text_coverage(concept.symbol)
    height, width = coverage.shape
    scale = size / max(height, width)
    fitted = Image.fromarray(coverage).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    plain = concept.name
    kind = "a word" if concept.kind == "word" else f"a {plain.split()[1]}"
    phrases = (f"{plain} in {colour}", plain, f"{colour} text", kind, "text")
    return _sprite(concept, _filled(np.asarray(fitted), jittered(colour, rng)), colour, phrases)


_DRAWERS: Mapping[Kind, Callable[[Concept, int, np.random.Generator, CutoutStyle], Sprite]] = (
    MappingProxyType(
        {"emoji": _emoji, "shape": _shape, "texture": _texture, "letter": _writing, "word": _writing}
    )
)


def _sprite(concept: Concept, cutout: Rgba, colour: str, phrases: tuple[str, ...]) -> Sprite:
    return Sprite(concept, cutout, colour, phrases, {})


def _filled(coverage: UInt8[np.ndarray, "height width"], colour: UInt8[np.ndarray, "3"]) -> Rgba:
    height, width = coverage.shape
    return np.dstack([np.broadcast_to(colour, (height, width, 3)), coverage])


def _any_colour(rng: np.random.Generator) -> str:
    return str(rng.choice(list(COLOURS)))
