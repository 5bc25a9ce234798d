import pytest

from milan.scenes import concepts, is_seen
from milan.scenes.planted import accepted_names, names_exactly, names_texture, plain, unseen_concepts


def test_a_fixed_tenth_of_the_emoji_is_unseen() -> None:
    emoji = [key for key in concepts() if key.startswith("emoji:")]
    assert unseen_concepts() == {key for key in emoji if not is_seen(key, 0.9)}
    assert 0.08 < len(unseen_concepts()) / len(emoji) < 0.12


def test_every_concept_answers_to_its_own_name() -> None:
    for key, concept in concepts().items():
        assert plain(concept.name) in accepted_names(key)


def test_what_a_concept_is_a_kind_of_never_names_it() -> None:
    for key, concept in concepts().items():
        if concept.kind == "emoji":
            general = {plain(kind) for kind in concept.kinds} - {plain(concept.name)}
            assert not general & {plain(name) for name in accepted_names(key)}, key


@pytest.mark.parametrize(
    ("key", "phrase", "expected"),
    [
        ("emoji:automobile", "a car", True),
        ("emoji:automobile", "two large red cars", False),
        ("emoji:automobile", "large red cars", True),
        ("emoji:automobile", "a vehicle", False),
        ("emoji:automobile", "a car wheel", False),
        ("emoji:red_apple", "an apple", True),
        ("emoji:red_apple", "a green apple", False),
        ("emoji:dog_face", "the dog", True),
        ("emoji:dog_face", "an animal", False),
        ("shape:star", "a yellow star", True),
        ("background:night_sky", "starry sky", True),
    ],
)
def test_exact_names_and_synonyms_count_with_colours_and_sizes_aside(
    key: str, phrase: str, expected: bool
) -> None:
    assert names_exactly(phrase, accepted_names(key)) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("checkered fabric", True), ("a black and white checkered pattern", True), ("a pattern", False)],
)
def test_a_texture_may_be_said_as_the_pattern_of_something(phrase: str, expected: bool) -> None:
    assert names_texture(phrase, accepted_names("texture:checks")) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("Polka-Dots", "polka dot"), ("the grass", "grass"), ("leaves", "leaf"), ("a dog's ear", "dog ear")],
)
def test_phrases_that_say_the_same_become_equal(phrase: str, expected: str) -> None:
    assert plain(phrase) == expected
