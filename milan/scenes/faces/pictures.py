"""Pictures of one thing beside a face, or beside something else, and the same with the face blurred."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image, ImageFilter

from milan.errors import UnknownName
from milan.scenes.canvas import Canvas, Placement
from milan.scenes.concepts import concepts
from milan.scenes.drawing.cutouts import CutoutStyle
from milan.scenes.drawing.varied import in_any_light, varied
from milan.scenes.render import render_scene
from milan.scenes.settings import SceneSettings
from milan.scenes.sprites import draw_sprite

__all__ = ["CLASSES", "OTHERS", "PEOPLE", "SIZE", "THINGS", "Face", "Faced", "blurred", "draw", "smileys"]

Picture = UInt8[np.ndarray, "height width 3"]
Mask = Bool[np.ndarray, "height width"]

SIZE = 112
"""Height and width of a picture."""

_WITH_FACE = " with a face"

THINGS: Mapping[str, str] = MappingProxyType(
    {
        "bicycle": "emoji:bicycle",
        "guitar": "emoji:guitar",
        "house": "emoji:house",
        "sailboat": "emoji:sailboat",
        "umbrella": "emoji:umbrella",
    }
)
"""What pictures show, by name."""

CLASSES: tuple[str, ...] = (*THINGS, *(f"{name}{_WITH_FACE}" for name in THINGS))
"""The ten classes: each thing beside something that is no face, then each beside a face."""

OTHERS: tuple[str, ...] = tuple(
    f"emoji:{name}"
    for name in (
        *("alarm_clock", "balloon", "basketball", "bell", "blossom", "cookie", "crystal_ball", "doughnut"),
        *("hamburger", "lemon", "light_bulb", "peach", "pear", "pizza", "red_apple", "rose", "soccer_ball"),
        *("strawberry", "sun", "sunflower", "tangerine", "tennis", "teapot", "wrapped_gift"),
    )
)
"""What lies beside the thing where there is no face: about as round and as bright as faces are."""

PEOPLE: tuple[str, ...] = tuple(
    f"emoji:{name}"
    for name in (
        *("baby", "boy", "child", "girl", "man", "old_man", "old_woman", "person", "person_bald"),
        *("person_beard", "person_blond_hair", "person_curly_hair", "person_red_hair", "person_white_hair"),
        "woman",
    )
)
"""Heads of people, of which nothing but the head is drawn; every second face is one of them."""

_SCALE = (0.3, 0.5)
"""Smallest and largest drawing, as a share of the picture's side."""
_MAX_COVERED = 0.15
"""Share of the thing that what lies beside it may hide."""
_N_PLACES = 20
_BLUR = 0.1
"""Radius of the blur, as a share of the diagonal of the face's box."""


class Face(NamedTuple):
    """A face in a picture."""

    concept: str
    """Key of its concept, such as `emoji:old_man`."""
    mask: Mask
    """Its pixels, never empty; all are seen."""


class Faced(NamedTuple):
    """A picture, and its face if it has one."""

    picture: Picture
    face: Face | None


def draw(name: str, rng: np.random.Generator) -> Faced:
    """Draw a picture of a class on some background, in some manner and light.

    Raises UnknownName for a class that is not one of `CLASSES`.
    """
    if name not in CLASSES:
        raise UnknownName("class of pictures with faces", name, CLASSES)
    thing = THINGS[name.removesuffix(_WITH_FACE)]
    while True:  # a thing that stands out nowhere, or leaves no place beside it, is drawn again
        style = varied(rng)
        scene = render_scene(int(rng.integers(2**31)), _settings(thing), style)
        seen = next((item.mask for item in scene.objects if item.concept == thing), None)
        if seen is None:
            continue
        beside = _face(rng) if name.endswith(_WITH_FACE) else str(rng.choice(OTHERS))
        drawn = _beside(scene.picture, seen, beside, style, rng)
        if drawn is not None:
            return Faced(in_any_light(drawn.picture, rng), drawn.face if name.endswith(_WITH_FACE) else None)


def blurred(picture: Picture, face: Mask) -> Picture:
    """The same picture with a face out of focus; the pixels around it stay as they are."""
    rows, columns = np.flatnonzero(face.any(axis=1)), np.flatnonzero(face.any(axis=0))
    diagonal = float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1))
    soft = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(_BLUR * diagonal))
    return np.where(face[..., None], np.asarray(soft), picture)


@cache
def smileys() -> tuple[str, ...]:
    """Keys of all yellow faces, sorted: the faces that are no head of a person."""
    return tuple(key for key, concept in concepts().items() if "yellow face" in concept.kinds)


def _face(rng: np.random.Generator) -> str:
    return str(rng.choice(PEOPLE if rng.random() < 0.5 else smileys()))


def _beside(
    picture: Picture, thing: Mask, key: str, style: CutoutStyle, rng: np.random.Generator
) -> Faced | None:
    """The picture with something that hides little of the thing, or None where it found no place."""
    sprite = draw_sprite(concepts()[key], round(float(rng.uniform(*_SCALE)) * SIZE), rng, style)
    height, width = sprite.cutout.shape[:2]
    for _ in range(_N_PLACES):
        x, y = int(rng.integers(SIZE - width + 1)), int(rng.integers(SIZE - height + 1))
        canvas = Canvas(picture)
        canvas.paint(Placement(sprite, x, y))
        mask: Mask = canvas.owner == 0
        if np.count_nonzero(mask & thing) <= _MAX_COVERED * np.count_nonzero(thing):
            return Faced(canvas.picture, Face(key, mask))
    return None


@cache
def _settings(shown: str) -> SceneSettings:
    places = {key for key, concept in concepts().items() if concept.kind == "background"}
    return SceneSettings(size=SIZE, max_objects=1, concepts=frozenset(places | {shown}), scale=_SCALE)
