"""Units whose meaning is known because they are computed from the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from milan.scenes.concepts import concepts
from milan.scenes.english import with_article
from milan.scenes.planted.names import unseen_concepts
from milan.scenes.planted.truth import GRID, Coverage, SceneTruth

__all__ = ["NOISE_LEVELS", "PlantedUnit", "UnitKind", "signal"]

NOISE_LEVELS = (0.05, 0.3)
"""Deviation of the noise in each cell of a map, where a cell wholly covered has 1: ratios of 20 and 3.3."""


class UnitKind(StrEnum):
    """The formula by which a unit is made of concepts A and B."""

    CONCEPT = "concept"
    """Where A is: an emoji, a shape, a letter, a word or a background."""
    TEXTURE = "texture"
    """Where the texture A is, as a thing or as the background."""
    COLOUR = "colour"
    """Pixels of a colour, whatever they are part of."""
    PART = "part"
    """An anatomical part of A."""
    SIDE = "side"
    """The left or right half of A."""
    POSITION = "position"
    """A, where it lies in one half of the picture."""
    SIZE = "size"
    """A, where it is large or small."""
    OR = "or"
    """Where A is or B is."""
    AND = "and"
    """A and B, where both are in the picture."""
    NOT = "not"
    """A, where B is not in the picture."""
    POLYSEMANTIC = "polysemantic"
    """A, and a little weaker B, which have nothing in common."""
    SPURIOUS = "spurious"
    """A word in the corner, which most pictures of A have: the unit knows nothing of A."""
    DEAD = "dead"
    """Always 0."""
    NEVER_POSITIVE = "never_positive"
    """A, but always below 0."""


@dataclass(frozen=True, slots=True)
class PlantedUnit:
    """One unit and its formula."""

    kind: UnitKind
    concepts: tuple[str, ...] = ()
    """Keys of A and B."""
    detail: str = ""
    """The colour, part, side or size."""
    noise: float = 0.0
    """One of `NOISE_LEVELS`; 0 for dead units."""

    @property
    def is_live(self) -> bool:
        """Whether there is something to be described."""
        return self.kind not in (UnitKind.DEAD, UnitKind.NEVER_POSITIVE)

    @property
    def is_unseen(self) -> bool:
        """Whether it is about a concept that no captioner was trained on."""
        return not unseen_concepts().isdisjoint(self.concepts)

    @property
    def truth(self) -> str:
        """What it responds to, in words.

        >>> PlantedUnit(UnitKind.NOT, ("emoji:dog_face", "shape:star")).truth
        'a dog face, but not with a star'
        """
        names = [with_article(concepts()[key].name) for key in self.concepts]
        names += [""] * (2 - len(names))
        return _WORDS[self.kind].format(a=names[0], b=names[1], detail=self.detail)


def signal(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    """What a unit says of a scene, before noise: 1 where a cell is wholly covered by what it responds to."""
    return _FORMULAS[unit.kind](unit, truth)


_WORDS: Mapping[UnitKind, str] = MappingProxyType(
    {
        UnitKind.CONCEPT: "{a}",
        UnitKind.TEXTURE: "{a}",
        UnitKind.COLOUR: "{detail}",
        UnitKind.PART: "the {detail} of {a}",
        UnitKind.SIDE: "the {detail} of {a}",
        UnitKind.POSITION: "{a} at the {detail} of the picture",
        UnitKind.SIZE: "{a}, {detail} in the picture",
        UnitKind.OR: "{a} or {b}",
        UnitKind.AND: "{a} together with {b}",
        UnitKind.NOT: "{a}, but not with {b}",
        UnitKind.POLYSEMANTIC: "{a}; also {b}",
        UnitKind.SPURIOUS: "a word in the corner (of pictures of {a})",
        UnitKind.DEAD: "nothing",
        UnitKind.NEVER_POSITIVE: "nothing (below zero; less so for {a})",
    }
)


def _of_a(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    return truth.of(unit.concepts[0])


def _a_part(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    return truth.part(unit.concepts[0], unit.detail)


def _either(unit: PlantedUnit, truth: SceneTruth, weaker: float = 1.0) -> Coverage:
    found: Coverage = np.maximum(truth.of(unit.concepts[0]), truth.of(unit.concepts[1]) * np.float32(weaker))
    return found


def _both(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    first, second = (truth.of(key) for key in unit.concepts)
    found: Coverage = np.maximum(first, second) * np.float32(first.any() and second.any())
    return found


def _first_alone(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    first, second = (truth.of(key) for key in unit.concepts)
    return first * np.float32(not second.any())


def _nothing(unit: PlantedUnit, truth: SceneTruth) -> Coverage:
    return np.zeros((GRID, GRID), np.float32)


_FORMULAS: Mapping[UnitKind, Callable[[PlantedUnit, SceneTruth], Coverage]] = MappingProxyType(
    {
        UnitKind.CONCEPT: _of_a,
        UnitKind.TEXTURE: _of_a,
        UnitKind.COLOUR: lambda unit, truth: truth.colour(unit.detail),
        UnitKind.PART: _a_part,
        UnitKind.SIDE: _a_part,
        UnitKind.POSITION: lambda unit, truth: truth.at(unit.concepts[0], unit.detail),
        UnitKind.SIZE: lambda unit, truth: truth.sized(unit.concepts[0], unit.detail),
        UnitKind.OR: _either,
        UnitKind.AND: _both,
        UnitKind.NOT: _first_alone,
        UnitKind.POLYSEMANTIC: lambda unit, truth: _either(unit, truth, weaker=0.9),
        UnitKind.SPURIOUS: lambda unit, truth: truth.corner_word,
        UnitKind.DEAD: _nothing,
        UnitKind.NEVER_POSITIVE: lambda unit, truth: truth.of(unit.concepts[0]) - np.float32(3),
    }
)
