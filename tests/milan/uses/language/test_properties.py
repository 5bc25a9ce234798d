"""What phrases are like, in numbers."""

import numpy as np
import pytest

from milan.describe import embed_phrases
from milan.uses.language import properties_of

PHRASES = ["a red car on a road", "stripes", "a kitten and a cat", "a cat in a spaceship", "stripes"]


def test_counts_are_those_of_the_words() -> None:
    found = properties_of(PHRASES, embed_phrases)
    assert found["words"].tolist() == [6, 1, 5, 5, 1]
    assert found["nouns"].tolist() == [2, 1, 2, 2, 1]
    assert found["adjectives"].tolist() == [1, 0, 0, 0, 0]
    assert found["prepositions"].tolist() == [1, 0, 0, 1, 0]
    assert found["verbs"].tolist() == [0] * 5
    assert "concept" not in found


def test_unlike_words_lie_further_apart_and_one_word_apart_from_nothing() -> None:
    difference = properties_of(PHRASES, embed_phrases)["word-difference"]
    assert difference[1] == 0
    assert 0 < difference[2] < difference[3] <= 2


def test_what_is_close_to_a_concept_comes_first() -> None:
    concept = properties_of(PHRASES, embed_phrases, "a vehicle")["concept"]
    assert int(np.argmax(concept)) == 0
    assert concept[1] == pytest.approx(concept[4])


def test_no_phrases_have_no_properties() -> None:
    found = properties_of([], embed_phrases, "a vehicle")
    assert all(len(values) == 0 for values in found.values())
