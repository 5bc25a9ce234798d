"""A rendered picture, and everything true about it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8

from milan.scenes.settings import Kind

__all__ = ["Box", "Part", "Scene", "SceneObject"]

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""
Mask = Bool[np.ndarray, "height width"]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The visible part of an object; left and right are the viewer's."""

    phrase: str
    """Such as `left half of a red apple` or `left ear of a dog face`."""
    mask: Mask
    """Its visible pixels, never empty."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneObject:
    """One thing in a scene."""

    concept: str
    """Key of the concept, such as `emoji:red_apple`; see `milan.scenes.concepts`."""
    kind: Kind
    """What drew it."""
    phrases: tuple[str, ...]
    """English noun phrases that are true of it, most specific first."""
    names: Mapping[str, str]
    """The concept's name in each language of the settings that has one."""
    colour: str
    """Name of its main colour."""
    box: Box
    """Tight box of the visible pixels."""
    mask: Mask
    """Its visible pixels: what later objects cover is not in it; masks of a scene's objects are disjoint."""
    parts: tuple[Part, ...]
    """Halves, and anatomical parts where they are known."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with all its objects, the background's regions first, then in drawing order."""

    seed: int
    """What it was rendered from, with the settings."""
    picture: UInt8[np.ndarray, "height width 3"]
    """RGB."""
    objects: tuple[SceneObject, ...]
    """Everything that can be pointed at."""
