"""Phrases composed of the best words of a unit."""

import pytest

from captioner.bank_sources.inflection import plural, singular
from captioner.composing import compose


@pytest.mark.parametrize(
    ("words", "composed"),
    [
        (["a bus", "red"], "a red bus"),
        (["an orange object", "an umbrella"], "an orange umbrella"),
        (["red and white stripes", "a red and white background", "a flag"], "a red and white flag"),
        (["wood", "a chair"], "a wooden chair"),
        (["a brick texture", "a chimney"], "a brick chimney"),
        (["flowers", "yellow"], "yellow flowers"),
        (["fur", "a spotted pattern"], "spotted fur"),
        (["a wheel", "a car"], "the wheel of a car"),
        (["the ears of a cat", "a dog"], "the ears of a dog"),
        (["a dog", "grass"], "a dog on grass"),
        (["a boat", "water"], "a boat in water"),
        (["a person", "snow"], "a person in the snow"),
        (["a cup", "a white background"], "a cup on a white background"),
    ],
)
def test_two_words_make_one_phrase(words: list[str], composed: str) -> None:
    assert composed in compose(words)


@pytest.mark.parametrize(
    "words",
    [
        ["a woman", "black"],  # whoever is a person has no colour
        ["a red bus", "blue"],  # one colour is enough
        ["a brick", "brick"],
        ["a wheel of cheese", "red"],
        ["a person riding a horse", "brown"],
        ["a red object", "a blue object"],
        ["a keyboard", "a dog"],  # no part of it
        ["red", "blue", "wood"],
        ["a ball"],
        [],
    ],
)
def test_what_does_not_go_together_stays_apart(words: list[str]) -> None:
    assert compose(words) == []


def test_the_better_words_come_first_and_twenty_are_enough() -> None:
    words = [
        "a bus",
        "red",
        "a road",
        "a dog",
        "grass",
        "wood",
        "a striped pattern",
        "a car",
        "a wheel",
        "blue",
    ]
    found = compose(words)
    assert found[:2] == ["a red bus", "a bus on a road"]
    assert len(found) == len(set(found)) == 20
    assert compose(words, n=3) == found[:3]
    assert found == compose(words)


def test_a_phrase_that_is_there_is_not_said_again() -> None:
    assert compose(["a red bus", "a bus", "red"]) == []


@pytest.mark.parametrize(
    ("one", "many"),
    [("dog", "dogs"), ("box", "boxes"), ("berry", "berries"), ("wolf", "wolves"), ("house", "houses"),
     ("brown horse", "brown horses"), ("fish", "fish"), ("leaf", "leaves"), ("church", "churches"),
     ("cookie", "cookies"), ("toy", "toys"), ("lens", "lenses")],
)  # fmt: skip
def test_one_and_many(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one
    assert singular(one) == one
