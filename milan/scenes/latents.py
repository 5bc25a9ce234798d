"""What a latent of the scenes generator means, as we chose it, and the picture that it stands for.

    latent[:8]      the thing is the one whose value is highest
    latent[8:14]    the place likewise
    latent[14:18]   how far right and down the thing lies, its size, and how far right one looks at the place

Standard normal values make all things and places equally likely, and positions and sizes uniform.
"""

from functools import cache
from math import erf, sqrt

import numpy as np
from jaxtyping import Float32, UInt8

from milan.scenes.canvas import Canvas, Placement
from milan.scenes.colours import COLOURS
from milan.scenes.concepts import concepts
from milan.scenes.drawing.backgrounds import PAINTINGS
from milan.scenes.drawing.cutouts import twemoji
from milan.scenes.sprites import draw_sprite

__all__ = ["LATENT_SIZE", "PICTURE_SIZE", "PLACES", "SCALE", "THINGS", "draw_latent"]

THINGS = (
    "red_apple", "dog_face", "cat_face", "automobile", "deciduous_tree", "sunflower", "grinning_face", "fish",
)  # fmt: skip
"""Emoji concepts."""
PLACES = ("meadow", "sea", "skyline", "night sky", "pink", "white")
"""Paintings of backgrounds, or plain colours."""
LATENT_SIZE = len(THINGS) + len(PLACES) + 4
PICTURE_SIZE = 64
"""Height and width in pixels."""

_PANORAMA = 96  # side of a painted place, of which a picture shows a part
SCALE = (0.45, 0.8)
"""Smallest and largest thing, as a share of the picture's side."""


def draw_latent(latent: Float32[np.ndarray, "18"]) -> UInt8[np.ndarray, "64 64 3"]:
    """The picture that a latent stands for: one thing in one place."""
    thing = THINGS[int(latent[: len(THINGS)].argmax())]
    place = PLACES[int(latent[len(THINGS) : -4].argmax())]
    right, down, large, look = (_share(float(value)) for value in latent[-4:])
    spare = _PANORAMA - PICTURE_SIZE
    left = round(look * spare)
    canvas = Canvas(_painted(place)[spare:, left : left + PICTURE_SIZE])
    size = round((SCALE[0] + large * (SCALE[1] - SCALE[0])) * PICTURE_SIZE)
    sprite = draw_sprite(concepts()[f"emoji:{thing}"], size, np.random.default_rng(0), twemoji)
    room = PICTURE_SIZE - size
    canvas.paint(Placement(sprite, round(right * room), round(down * room)))
    return canvas.picture


@cache
def _painted(place: str) -> UInt8[np.ndarray, "96 96 3"]:
    if place in COLOURS:
        return np.full((_PANORAMA, _PANORAMA, 3), COLOURS[place], np.uint8)
    return PAINTINGS[place].paint(_PANORAMA, np.random.default_rng(0)).picture


def _share(value: float) -> float:
    """The share of standard normal values that are lower."""
    return (1 + erf(value / sqrt(2))) / 2
