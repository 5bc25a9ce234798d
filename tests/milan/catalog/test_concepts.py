"""Which units answer to a concept."""

from collections.abc import Callable

import numpy as np
import pytest

from milan.catalog import Answer, Catalog, answering
from milan.catalog.inflection import lemmas
from milan.records import Concept, Description, UnitStatus

Describe = Callable[..., int]
KINDS = {"dog": 0, "wolf": 0, "puppy": 0, "car": 1, "truck": 1}


def embed(phrases: list[str]) -> np.ndarray:
    """Animals point one way, vehicles another, and whatever else a third."""
    rows = []
    for phrase in phrases:
        kind = next((KINDS[word] for word in lemmas(phrase) if word in KINDS), 2)
        rows.append(np.eye(3)[kind] + 0.1)
    return np.array(rows)


def unasked(phrases: list[str]) -> np.ndarray:
    raise AssertionError(phrases)


@pytest.fixture
def ask(catalog: Catalog, describe: Describe) -> Callable[..., list[Answer]]:
    describe({0: ["two Dogs"], 1: ["a wolf"], 2: ["the dog's face"], 3: ["a hot dog stand"]})
    return lambda concept, **how: answering(catalog.said(), concept, how.pop("embed", embed), **how)


def found(answers: list[Answer]) -> dict[int, str]:
    return {answer.unit.index: answer.how for answer in answers}


def test_words_match_whole_words_in_singular_and_plural(ask: Callable[..., list[Answer]]) -> None:
    assert found(ask(Concept("dogs", ("dog",)), embed=unasked)) == dict.fromkeys((0, 2, 3), "word")
    assert found(ask(Concept("dogs", ("DOGS",)), embed=unasked)) == dict.fromkeys((0, 2, 3), "word")
    assert ask(Concept("do", ("do", "og")), embed=unasked) == []


def test_words_that_follow_each_other_match_as_they_stand(ask: Callable[..., list[Answer]]) -> None:
    assert found(ask(Concept("faces", ("dog face",)), embed=unasked)) == {2: "word"}
    assert ask(Concept("faces", ("face dog",)), embed=unasked) == []


def test_what_does_not_count_hides_the_words_within_it(ask: Callable[..., list[Answer]]) -> None:
    without = Concept("dogs", ("dog",), but_not=("hot dog",))
    assert found(ask(without, embed=unasked)) == {0: "word", 2: "word"}
    by_meaning = Concept("dogs", phrases=("a puppy",), but_not=("hot dog",))
    assert set(found(ask(by_meaning))) == {0, 1, 2}


def test_meaning_answers_where_no_word_does(ask: Callable[..., list[Answer]]) -> None:
    answers = ask(Concept("dogs", ("dog",), ("a puppy",)))
    assert found(answers) == {0: "word", 1: "meaning", 2: "word", 3: "word"}
    assert [answer.score for answer in answers] == pytest.approx([1, 1, 1, 1], abs=1e-3)
    assert found(ask(Concept("vehicles", phrases=("a truck",)))) == {}


def test_an_accent_and_a_hyphen_make_no_difference(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a café table"], 1: ["a t-shirt"], 2: ["grey stones"]})
    said = catalog.said()
    for word, unit in (("cafe", 0), ("T-Shirts", 1), ("gray", 2)):
        assert found(answering(said, Concept("c", (word,)), unasked)) == {unit: "word"}


def test_held_back_candidates_answer_only_when_asked(
    catalog: Catalog, make_description: Callable[..., Description]
) -> None:
    version = catalog.start_description("tiny", "blocks.1", {}, {})
    words = [make_description(0, "a dog"), make_description(1, "a dog", status=UnitStatus.INCONSISTENT)]
    catalog.store_descriptions(version, words)
    said, dogs = catalog.said(), Concept("dogs", ("dog",))
    assert found(answering(said, dogs, unasked)) == {0: "word"}
    assert [answer.said for answer in answering(said, dogs, unasked, held_back=True)] == [True, False]


def test_every_unit_may_answer_and_none(ask: Callable[..., list[Answer]]) -> None:
    every = Concept("all", phrases=("a dog", "a car", "a thing"), likeness=0.05)
    assert len(ask(every)) == 4
    assert ask(Concept("none", ("zeppelin",)), embed=unasked) == []


def test_each_phrase_is_embedded_once_and_kept_vectors_are_used(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a dog"], 1: ["a dog"], 2: ["a car"]})
    asked: list[str] = []

    def noting(phrases: list[str]) -> np.ndarray:
        asked.extend(phrases)
        return embed(phrases)

    answering(catalog.said(), Concept("dogs", phrases=("a puppy",)), noting)
    assert sorted(asked) == ["a car", "a dog", "a puppy"]
    catalog.index_meanings(embed)
    asked.clear()
    answering(catalog.said(), Concept("dogs", phrases=("a puppy",)), noting)
    assert asked == ["a puppy"]
