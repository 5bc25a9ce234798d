"""Maps of units on a scene that was laid out by hand."""

import numpy as np
import pytest

from milan.scenes.planted import GRID, PlantedUnit, SceneTruth, UnitKind, signal
from milan.scenes.planted.restyle import box_of
from milan.scenes.scene import Part, Scene, SceneObject

SIZE = 56
CELL = SIZE // GRID


def thing(concept: str, rows: slice, columns: slice, *parts: tuple[str, slice, slice]) -> SceneObject:
    def mask(down: slice, along: slice) -> np.ndarray:
        drawn = np.zeros((SIZE, SIZE), np.bool_)
        drawn[down, along] = True
        return drawn

    own = mask(rows, columns)
    return SceneObject(
        concept=concept,
        kind=concept.split(":", maxsplit=1)[0],  # type: ignore[arg-type]
        phrases=(concept,),
        names={},
        colour="red",
        box=box_of(own),
        mask=own,
        parts=tuple(Part(f"{name} of a thing", mask(*where)) for name, *where in parts),
    )


DOG = thing(
    "emoji:dog_face",
    slice(0, 40),
    slice(0, 20),
    ("left ear", slice(0, 8), slice(0, 8)),
    ("left half", slice(0, 40), slice(0, 10)),
)
STAR = thing("shape:star", slice(44, 52), slice(40, 48))
WORD = thing("word:stop", slice(0, 4), slice(44, 56))


def truth(*objects: SceneObject) -> SceneTruth:
    picture = np.full((SIZE, SIZE, 3), 245, np.uint8)
    picture[44:52, 40:48] = (214, 40, 40)
    return SceneTruth(Scene(0, picture, objects))


def cells(unit: PlantedUnit, *objects: SceneObject) -> float:
    """How many cells a unit marks."""
    return float(signal(unit, truth(*objects)).sum())


def of(item: SceneObject) -> float:
    return float(item.mask.sum()) / CELL**2


A, B = "emoji:dog_face", "shape:star"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (PlantedUnit(UnitKind.CONCEPT, (A,)), of(DOG)),
        (PlantedUnit(UnitKind.CONCEPT, ("emoji:cat_face",)), 0),
        (PlantedUnit(UnitKind.PART, (A,), "ear"), 4),
        (PlantedUnit(UnitKind.SIDE, (A,), "left half"), of(DOG) / 2),
        (PlantedUnit(UnitKind.SIDE, (A,), "right half"), 0),
        (PlantedUnit(UnitKind.POSITION, (A,), "left"), of(DOG)),
        (PlantedUnit(UnitKind.POSITION, (A,), "right"), 0),
        (PlantedUnit(UnitKind.SIZE, (A,), "large"), of(DOG)),
        (PlantedUnit(UnitKind.SIZE, (A,), "small"), 0),
        (PlantedUnit(UnitKind.OR, (A, B)), of(DOG) + of(STAR)),
        (PlantedUnit(UnitKind.AND, (A, B)), of(DOG) + of(STAR)),
        (PlantedUnit(UnitKind.AND, (A, "emoji:cat_face")), 0),
        (PlantedUnit(UnitKind.NOT, (A, B)), 0),
        (PlantedUnit(UnitKind.NOT, (A, "emoji:cat_face")), of(DOG)),
        (PlantedUnit(UnitKind.POLYSEMANTIC, (A, B)), of(DOG) + 0.9 * of(STAR)),
        (PlantedUnit(UnitKind.SPURIOUS, (A,)), of(WORD)),
        (PlantedUnit(UnitKind.COLOUR, (), "red"), of(STAR)),
        (PlantedUnit(UnitKind.COLOUR, (), "green"), 0),
        (PlantedUnit(UnitKind.DEAD), 0),
    ],
)
def test_each_kind_of_unit_marks_what_its_formula_says(unit: PlantedUnit, expected: float) -> None:
    assert cells(unit, DOG, STAR, WORD) == pytest.approx(expected, abs=1e-4)


def test_a_unit_that_is_never_positive_still_varies() -> None:
    unit = PlantedUnit(UnitKind.NEVER_POSITIVE, (A,))
    with_dog, without = signal(unit, truth(DOG)), signal(unit, truth(STAR))
    assert max(with_dog.max(), without.max()) < -1
    assert with_dog.max() > without.max()


def test_a_word_in_the_middle_is_not_in_the_corner() -> None:
    middle = thing("word:stop", slice(24, 32), slice(20, 36))
    assert cells(PlantedUnit(UnitKind.SPURIOUS, (A,)), middle) == 0


def test_silent_units_are_told_from_live_ones() -> None:
    assert not PlantedUnit(UnitKind.DEAD).is_live
    assert PlantedUnit(UnitKind.NOT, (A, B)).is_live
    assert PlantedUnit(UnitKind.CONCEPT, ("emoji:rose",)).is_unseen
    assert not PlantedUnit(UnitKind.CONCEPT, (A,)).is_unseen
