"""Pictures of one thing, with or without a word in their top left corner."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from milan.errors import MilanError, UnknownName
from milan.scenes.concepts import concepts
from milan.scenes.drawing.varied import in_any_light, varied
from milan.scenes.render import render_scene
from milan.scenes.scene import Box
from milan.scenes.settings import SceneSettings

__all__ = ["CLASSES", "CORNER", "SIZE", "Worded", "draw", "with_word"]

Picture = UInt8[np.ndarray, "height width 3"]

SIZE = 112
"""Height and width of a picture."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "bear": "emoji:bear",
        "bus": "emoji:bus",
        "car": "emoji:automobile",
        "cat": "emoji:cat_face",
        "cow": "emoji:cow_face",
        "dog": "emoji:dog_face",
        "fox": "emoji:fox",
        "lion": "emoji:lion",
        "pig": "emoji:pig_face",
        "wolf": "emoji:wolf",
    }
)
"""The ten classes by name, which is also the word: what a picture of each shows. Some look much alike."""

CORNER: Box = (0, 0, 60, 22)
"""Left, top, width and height of the place within which all words are written."""

_SCALE = (0.2, 0.42)
_LETTERS = 16
"""Size of the letters, in pixels an em."""
_INK = (255, 0, 200)
"""One colour for all words, as a stamp or a watermark has."""
_MARGIN = 2
_SWAY = 4
"""By how many pixels places of words differ."""
_MAX_IN_CORNER = 0.25
"""Share of the thing in the corner: a word hides little."""


class Worded(NamedTuple):
    """A picture with a word on it."""

    picture: Picture
    box: Box
    """Left, top, width and height of the word."""


def draw(name: str, rng: np.random.Generator) -> Picture:
    """Draw one thing of a class somewhere on some background, in some manner and light.

    Raises UnknownName for a class that is not one of `CLASSES`.
    """
    if name not in CLASSES:
        raise UnknownName("class of the shortcut's pictures", name, CLASSES)
    shown = CLASSES[name]
    x, y, width, height = CORNER
    while True:  # a thing that stands out nowhere, or lies in the corner, is drawn again
        scene = render_scene(int(rng.integers(2**31)), _settings(shown), varied(rng))
        mask = next((item.mask for item in scene.objects if item.concept == shown), None)
        if mask is None:
            continue
        if np.count_nonzero(mask[y : y + height, x : x + width]) <= _MAX_IN_CORNER * np.count_nonzero(mask):
            return in_any_light(scene.picture, rng)


def with_word(picture: Picture, word: str, rng: np.random.Generator) -> Worded:
    """Write a word in the top left corner, in capitals, as a stamp does: always in the same ink."""
    left, top = (_MARGIN + int(sway) for sway in rng.integers(0, _SWAY, 2))
    written = Image.fromarray(picture)
    ImageDraw.Draw(written).text(
        (left, top), word.upper(), fill=_INK, font=_font(), anchor="lt", stroke_width=1, stroke_fill=_INK
    )
    drawn = np.asarray(written)
    changed = (drawn != picture).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return Worded(drawn, (x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y))


@cache
def _settings(shown: str) -> SceneSettings:
    places = {key for key, concept in concepts().items() if concept.kind == "background"}
    return SceneSettings(size=SIZE, max_objects=1, concepts=frozenset(places | {shown}), scale=_SCALE)


@cache
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_LETTERS)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise MilanError("Pillow was built without FreeType, which writing needs: reinstall Pillow")
    return font
