"""What the scenes of a stream may hold."""

from dataclasses import dataclass
from typing import Literal, get_args

from milan.errors import BadSetting, UnknownName
from milan.scenes.emoji_concepts import EMOJI_LANGUAGES

__all__ = ["KINDS", "Kind", "SceneSettings"]

Kind = Literal["emoji", "shape", "texture", "letter", "word", "background"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of objects; the background is painted whether its regions are listed or not."""


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Options of a scene; equal settings and seeds give equal bytes."""

    size: int = 224
    """Height and width of the picture, 32 to 1024 pixels."""
    max_objects: int = 5
    """Most objects, at least 1; one that finds no place where it stands out is left out."""
    kinds: tuple[Kind, ...] = KINDS
    """Which kinds of objects are drawn and listed."""
    concepts: frozenset[str] | None = None
    """Keys of the concepts to draw, or None for all; backgrounds are chosen among all when it names none."""
    languages: tuple[str, ...] = ("en",)
    """Languages in which objects are named; phrases are English."""
    scale: tuple[float, float] = (0.2, 0.6)
    """Smallest and largest object, as a share of the picture's side."""
    visible: float = 0.7
    """Share of every object that later ones leave uncovered, 0 to 1."""
    flipped: bool = False
    """Draw the mirror image: geometry is mirrored, writing stays readable, phrases follow what is seen."""

    def __post_init__(self) -> None:
        if not 32 <= self.size <= 1024:
            raise BadSetting(f"a scene is 32 to 1024 pixels wide, got size={self.size}")
        if self.max_objects < 1:
            raise BadSetting(f"a scene holds at least one object, got max_objects={self.max_objects}")
        if not 0 < self.scale[0] <= self.scale[1] <= 1:
            raise BadSetting(f"scale is (smallest, largest) between 0 and 1, got {self.scale}")
        if not 0 <= self.visible <= 1:
            raise BadSetting(f"visible is a share between 0 and 1, got {self.visible}")
        for kind in self.kinds:
            if kind not in KINDS:
                raise UnknownName("kind of scene object", kind, KINDS)
        for language in self.languages:
            if language not in EMOJI_LANGUAGES:
                raise UnknownName(
                    "language", language, EMOJI_LANGUAGES, f"Known: {', '.join(EMOJI_LANGUAGES)}"
                )
