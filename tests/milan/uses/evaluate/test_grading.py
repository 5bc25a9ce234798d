import pytest

from milan.records import Candidate, Description, Explanation, Meaning, UnitStatus, WeightedPhrase
from milan.scenes.planted import PlantedUnit, UnitKind
from milan.uses.evaluate.grading import Grade, Said, grade, true_phrases

DOG, CAR, CHECKS = "emoji:dog_face", "emoji:automobile", "texture:checks"
RIGHT, PARTLY, WRONG = Grade.RIGHT, Grade.PARTLY, Grade.WRONG


@pytest.mark.parametrize(
    ("unit", "phrase", "expected"),
    [
        (PlantedUnit(UnitKind.CONCEPT, (DOG,)), "a dog", RIGHT),
        (PlantedUnit(UnitKind.CONCEPT, (DOG,)), "an animal", WRONG),
        (PlantedUnit(UnitKind.CONCEPT, (DOG,)), "", WRONG),
        (PlantedUnit(UnitKind.TEXTURE, (CHECKS,)), "a checkered pattern", RIGHT),
        (PlantedUnit(UnitKind.TEXTURE, (CHECKS,)), "a pattern", WRONG),
        (PlantedUnit(UnitKind.COLOUR, (), "red"), "a red object", RIGHT),
        (PlantedUnit(UnitKind.COLOUR, (), "red"), "a red car", PARTLY),
        (PlantedUnit(UnitKind.COLOUR, (), "red"), "a blue object", WRONG),
        (PlantedUnit(UnitKind.PART, (DOG,), "ear"), "the ear of a dog", RIGHT),
        (PlantedUnit(UnitKind.PART, (DOG,), "ear"), "ears", RIGHT),
        (PlantedUnit(UnitKind.PART, (DOG,), "ear"), "the left ear of a cat", PARTLY),
        (PlantedUnit(UnitKind.PART, (DOG,), "ear"), "a dog", PARTLY),
        (PlantedUnit(UnitKind.PART, (DOG,), "ear"), "a cat", WRONG),
        (PlantedUnit(UnitKind.SIDE, (DOG,), "left half"), "the left half of a dog", RIGHT),
        (PlantedUnit(UnitKind.SIDE, (DOG,), "left half"), "the right half of a dog", PARTLY),
        (PlantedUnit(UnitKind.POSITION, (DOG,), "left"), "a dog on the left", RIGHT),
        (PlantedUnit(UnitKind.POSITION, (DOG,), "left"), "a dog", PARTLY),
        (PlantedUnit(UnitKind.SIZE, (DOG,), "large"), "a big dog", RIGHT),
        (PlantedUnit(UnitKind.SIZE, (DOG,), "large"), "a small dog", PARTLY),
        (PlantedUnit(UnitKind.OR, (DOG, CAR)), "cars", RIGHT),
        (PlantedUnit(UnitKind.OR, (DOG, CAR)), "a wheel", WRONG),
        (PlantedUnit(UnitKind.AND, (DOG, CAR)), "a dog in a car", RIGHT),
        (PlantedUnit(UnitKind.AND, (DOG, CAR)), "a dog", PARTLY),
        (PlantedUnit(UnitKind.NOT, (DOG, CAR)), "a dog", PARTLY),
        (PlantedUnit(UnitKind.NOT, (DOG, CAR)), "a dog without a car", RIGHT),
        (PlantedUnit(UnitKind.NOT, (DOG, CAR)), "a car without a dog", PARTLY),
        (PlantedUnit(UnitKind.POLYSEMANTIC, (DOG, CHECKS)), "checks", RIGHT),
        (PlantedUnit(UnitKind.SPURIOUS, (DOG,)), "white text in the corner", RIGHT),
        (PlantedUnit(UnitKind.SPURIOUS, (DOG,)), "the word stop", PARTLY),
        (PlantedUnit(UnitKind.SPURIOUS, (DOG,)), "a dog", WRONG),
    ],
)
def test_words_are_graded_by_the_rules_of_the_unit_kind(
    unit: PlantedUnit, phrase: str, expected: Grade
) -> None:
    assert grade(unit, Said(phrase)) is expected


def test_an_explanation_that_denies_the_absent_concept_is_right() -> None:
    unit = PlantedUnit(UnitKind.NOT, (DOG, CAR))
    assert grade(unit, Said("a dog", explanation="a dog; also an ear; not a car")) is RIGHT
    assert grade(unit, Said("a dog", explanation="a dog; also a car; not a cat")) is PARTLY


def test_a_second_meaning_may_name_a_polysemantic_unit() -> None:
    unit = PlantedUnit(UnitKind.POLYSEMANTIC, (DOG, CHECKS))
    assert grade(unit, Said("a hat", meanings=("a wall", "a dog"))) is RIGHT


@pytest.mark.parametrize("kind", [UnitKind.DEAD, UnitKind.NEVER_POSITIVE])
def test_silent_units_are_right_when_their_status_says_so(kind: UnitKind) -> None:
    unit = PlantedUnit(kind, (DOG,))
    assert grade(unit, Said("", status=UnitStatus(kind.value))) is RIGHT
    assert grade(unit, Said("a dog")) is WRONG


def test_a_unit_that_abstains_is_graded_by_its_best_candidate() -> None:
    description = Description(
        0,
        UnitStatus.INCONSISTENT,
        0.5,
        (Candidate("a dog", 1, -1, -4, "bank"),),
        explanation=Explanation((WeightedPhrase("a dog", 0.4), WeightedPhrase("a car", -0.1))),
        meanings=(Meaning("an ear", (0, 1)),),
    )
    assert Said.of(description, UnitStatus.INCONSISTENT) == Said(
        "a dog", "a dog; not a car", ("an ear",), UnitStatus.INCONSISTENT
    )
    assert Said.of(None, UnitStatus.DEAD) == Said("", status=UnitStatus.DEAD)


def test_likeness_is_measured_against_names_or_the_whole_truth() -> None:
    assert "car" in true_phrases(PlantedUnit(UnitKind.CONCEPT, (CAR,)))
    assert true_phrases(PlantedUnit(UnitKind.AND, (DOG, CAR))) == ("a dog face together with an automobile",)
