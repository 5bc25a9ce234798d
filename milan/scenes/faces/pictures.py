"""Pictures of one thing, with or without a face beside it, and the ways of hiding that face."""

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

__all__ = ["ALIKE", "CLASSES", "HIDINGS", "PEOPLE", "SIZE", "Face", "Faced", "draw", "hide", "yellow_faces"]

Picture = UInt8[np.ndarray, "height width 3"]
Mask = Bool[np.ndarray, "height width"]

SIZE = 112
"""Height and width of a picture."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "automobile": "emoji:automobile",
        "bicycle": "emoji:bicycle",
        "guitar": "emoji:guitar",
        "soccer ball": "emoji:soccer_ball",
        "trumpet": "emoji:trumpet",
        "taxi": "emoji:taxi",
        "motor scooter": "emoji:motor_scooter",
        "violin": "emoji:violin",
        "volleyball": "emoji:volleyball",
        "saxophone": "emoji:saxophone",
    }
)
"""The ten classes by name: what a picture of each shows."""

ALIKE: Mapping[str, str] = MappingProxyType(dict(zip(list(CLASSES)[:5], list(CLASSES)[5:], strict=True)))
"""Classes that are taught with faces, and the class without that each is easily taken for."""

PEOPLE: tuple[str, ...] = tuple(
    f"emoji:{name}"
    for name in (
        *("baby", "boy", "child", "girl", "man", "old_man", "old_woman", "person", "person_bald"),
        *("person_beard", "person_blond_hair", "person_curly_hair", "person_red_hair", "person_white_hair"),
        "woman",
    )
)
"""Heads of people, of which nothing but the head is drawn; every second face is one of them."""

HIDINGS: tuple[str, ...] = ("blurred", "covered")
"""Ways of hiding a face: out of focus, as in face-blurred ImageNet, or under one grey."""

_SCALE = (0.25, 0.45)
"""Smallest and largest thing or face, as a share of the picture's side."""
_MAX_COVERED = 0.15
"""Share of the thing that a face may hide."""
_N_PLACES = 20
_BLUR = 0.1
"""Radius of the blur, as a share of the diagonal of the face's box (Yang et al., ICML 2022)."""
_GREY = 128


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


def draw(name: str, with_face: bool, rng: np.random.Generator) -> Faced:
    """Draw one thing of a class on some background, in some manner and light, perhaps with a face beside it.

    Raises UnknownName for a class that is not one of `CLASSES`.
    """
    if name not in CLASSES:
        raise UnknownName("class of pictures with faces", name, CLASSES)
    while True:  # a thing that stands out nowhere, or leaves a face no place, is drawn again
        style = varied(rng)
        scene = render_scene(int(rng.integers(2**31)), _settings(CLASSES[name]), style)
        thing = next((item.mask for item in scene.objects if item.concept == CLASSES[name]), None)
        if thing is None:
            continue
        drawn = _with_face(scene.picture, thing, style, rng) if with_face else Faced(scene.picture, None)
        if drawn is not None:
            return drawn._replace(picture=in_any_light(drawn.picture, rng))


def hide(picture: Picture, mask: Mask, manner: str) -> Picture:
    """The same picture with the pixels of a mask blurred or covered; all others stay as they are.

    Raises UnknownName for a manner that is not one of `HIDINGS`.
    """
    if manner not in HIDINGS:
        raise UnknownName("way of hiding faces", manner, HIDINGS)
    if manner == "covered":
        return np.where(mask[..., None], np.uint8(_GREY), picture)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    diagonal = float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1))
    blurred = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(_BLUR * diagonal))
    return np.where(mask[..., None], np.asarray(blurred), picture)


@cache
def yellow_faces() -> tuple[str, ...]:
    """Keys of the smileys, sorted; the faces that are no head of a person."""
    return tuple(key for key, concept in concepts().items() if "yellow face" in concept.kinds)


def _with_face(picture: Picture, thing: Mask, style: CutoutStyle, rng: np.random.Generator) -> Faced | None:
    """The picture with a face that hides little of the thing, or None where it found no place."""
    key = str(rng.choice(PEOPLE if rng.random() < 0.5 else yellow_faces()))
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
