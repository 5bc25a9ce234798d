"""No more words than are needed."""

import numpy as np

from milan.describe.sparing import Shorter, sparing

PHRASES = ["a horse", "a black horse", "the mane of a black horse", "grass", "a rocking horse"]


def best(*follows: float, names: dict[str, frozenset[int]] | None = None) -> str:
    return PHRASES[int(sparing(PHRASES, np.array(follows, np.float32), names or {}).argmax())]


def test_of_phrases_that_follow_alike_the_shortest_is_said() -> None:
    assert best(0.30, 0.305, 0.31, 0.1, 0.2) == "a horse"


def test_a_long_phrase_that_follows_clearly_better_is_said() -> None:
    assert best(0.2, 0.25, 0.31, 0.1, 0.2) == "the mane of a black horse"


def test_a_phrase_of_other_words_is_left_alone() -> None:
    follows = np.array([0.3, 0.1, 0.1, 0.305, 0.1], np.float32)
    assert sparing(PHRASES, follows, {})[3] == follows[3]


def test_the_name_of_a_thing_does_not_yield_to_a_part_of_its_words() -> None:
    follows = (0.3, 0.1, 0.1, 0.1, 0.305)
    assert best(*follows) == "a horse"
    assert best(*follows, names={"a rocking horse": frozenset({5})}) == "a rocking horse"


def test_shorter_phrases_are_found_by_their_words() -> None:
    shorter = Shorter(PHRASES)
    assert shorter.than("the mane of a black horse") == ["a horse", "a black horse"]
    assert shorter.than("a horse") == []
    assert shorter.than("one two three four five six horse") == []
