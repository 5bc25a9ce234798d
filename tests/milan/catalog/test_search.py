"""Words first, then meaning; anything may be typed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milan.catalog import Catalog, search
from milan.catalog.backends import full_text
from milan.records import Description, Faithfulness, UnitStatus

Describe = Callable[..., int]


def embed(phrases: list[str]) -> np.ndarray:
    """A space of three meanings: animals, vehicles, and a little of each word's length."""
    rows = []
    for phrase in phrases:
        animal = any(word in phrase for word in ("dog", "wolf", "pet"))
        vehicle = any(word in phrase for word in ("car", "truck"))
        rows.append([3.0 * animal, 3.0 * vehicle, 0.01 * len(phrase)])
    return np.array(rows)


def test_words_are_found_by_their_stem_and_marked(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["running dogs", "a cat"], 1: ["a car"]})
    (hit,) = catalog.search("dog")
    assert (str(hit.unit), hit.how, hit.snippet) == ("tiny/blocks.1/0", "words", "running dogs")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["dogs"]
    assert hit.as_dict()["unit"] == "tiny/blocks.1/0"


def test_a_phrase_that_was_said_comes_before_one_that_was_considered(
    catalog: Catalog, describe: Describe
) -> None:
    describe({0: ["a car", "a dog"], 1: ["a dog", "a car"]})
    hits = catalog.search("dog")
    assert [hit.unit.index for hit in hits] == [1, 0]
    assert [hit.snippet for hit in hits] == ["a dog", "a dog"]


def test_all_words_come_before_any_of_them(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a red car"], 1: ["a red dog"]})
    assert [hit.unit.index for hit in catalog.search("red dog")] == [1]
    assert {hit.unit.index for hit in catalog.search("red fox")} == {0, 1}
    assert {hit.how for hit in catalog.search("pet truck", embed=embed)} == {"meaning"}


def test_meaning_follows_words_and_repeats_nothing(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a wolf"], 1: ["a dog"], 2: ["a car"], 3: ["a wolf"]})
    hits = catalog.search("dog", 3, embed=embed)
    assert [(hit.unit.index, hit.how) for hit in hits] == [(1, "words"), (0, "meaning"), (3, "meaning")]
    assert hits[1].score == pytest.approx(1.0, abs=1e-3)
    assert catalog.search("pet", 1, embed=embed)[0].how == "meaning"


def test_what_is_far_from_every_description_finds_nothing(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a wolf"], 1: ["a car"]})
    assert catalog.search("gibberish", embed=embed) == []
    assert [hit.unit.index for hit in catalog.search("pet", embed=embed)] == [0]


def test_a_phrase_is_embedded_once_for_each_encoder(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a wolf"], 1: ["a dog"], 2: ["a dog"]})
    asked: list[str] = []

    def noting(phrases: list[str]) -> np.ndarray:
        asked.extend(phrases)
        return embed(phrases)

    assert catalog.index_meanings(noting, "one") == 2
    assert catalog.index_meanings(noting, "one") == 0
    assert catalog.index_meanings(noting, "two") == 2
    assert asked == ["a dog", "a wolf"] * 2


def test_meaning_is_searched_while_another_process_writes_the_file(
    catalog: Catalog, describe: Describe, path: Path
) -> None:
    describe({0: ["a wolf"]})
    catalog.index_meanings(embed, "all-MiniLM-L6-v2")
    describe({1: ["a dog"]})
    with Catalog.open(path) as reader:
        hits = reader.search("pet", embed=embed)
    assert [hit.snippet for hit in hits] == ["a wolf"]


def test_only_what_is_shown_is_found(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a dog"]}, beams=1)
    describe({0: ["a car"]}, beams=2)
    assert catalog.search("dog") == []
    assert [hit.snippet for hit in catalog.search("truck", embed=embed)] == ["a car"]


@pytest.fixture
def trusted(
    catalog: Catalog,
    make_description: Callable[..., Description],
    make_faithfulness: Callable[[float], Faithfulness],
) -> Catalog:
    """Units about dogs: one of them abstains, one only considered the word, one has no figures."""
    words = [
        make_description(0, "a dog of a dog, dog", faithfulness=make_faithfulness(0.1)),
        make_description(1, "a big brown dog", faithfulness=make_faithfulness(0.4)),
        make_description(2, "a car", "a dog", faithfulness=make_faithfulness(0.9)),
        make_description(3, "a dog", status=UnitStatus.INCONSISTENT, faithfulness=make_faithfulness(0.02)),
        make_description(4, "a dog"),
    ]
    catalog.store_descriptions(catalog.start_description("tiny", "blocks.1", {}, {}), words)
    return catalog


def test_hits_of_a_kind_come_most_faithful_first_when_asked(trusted: Catalog) -> None:
    hits = trusted.search("dog", sort="faithfulness")
    assert [hit.unit.index for hit in hits] == [1, 0, 4, 2, 3], "said first, then considered"
    assert [hit.faithfulness for hit in hits] == [0.4, 0.1, None, 0.9, 0.02]
    assert [hit.unit.index for hit in trusted.search("dog", 2, sort="faithfulness")] == [1, 0]
    assert trusted.search("dog")[0].unit.index != 1
    near = trusted.search("pet", embed=embed, sort="faithfulness")
    assert [(hit.how, hit.faithfulness) for hit in near] == [
        ("meaning", 0.4),
        ("meaning", 0.1),
        ("meaning", None),
    ]


@pytest.mark.parametrize("sort", ["match", "faithfulness"])
def test_words_that_nearly_all_descriptions_hold_find_what_is_said_first(
    trusted: Catalog, monkeypatch: pytest.MonkeyPatch, sort: search.Order
) -> None:
    few = {hit.unit: hit.faithfulness for hit in trusted.search("dog", sort="faithfulness")}
    monkeypatch.setattr(full_text, "MOST_RANKED", 1)
    monkeypatch.setattr(full_text, "MOST_SORTED", 1)
    many = trusted.search("dog", sort=sort)
    assert {hit.unit: hit.faithfulness for hit in many} == few
    first = {"match": [0, 1, 4, 2, 3], "faithfulness": [1, 0, 4, 2, 3]}
    assert [hit.unit.index for hit in many] == first[sort]
    assert [hit.unit.index for hit in trusted.search("dog", 2, sort=sort)] == first[sort][:2]


def test_a_unit_that_abstains_is_found_by_what_it_considered_and_never_as_described(trusted: Catalog) -> None:
    (abstains,) = [hit for hit in trusted.search("dog") if hit.unit.index == 3]
    assert (abstains.snippet, abstains.description) == ("a dog", None)
    (considered,) = [hit for hit in trusted.search("dog") if hit.unit.index == 2]
    assert (considered.snippet, considered.description) == ("a dog", "a car")
    assert 3 not in {hit.unit.index for hit in trusted.search("pet", embed=embed)}


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '"dog',
        "dog AND",
        "NEAR(",
        "dog:",
        "dog*",
        "-dog",
        "(",
        "^dog",
        "\0",
        "",
        "  ",
        "'; --",
        "{b}: c",
    ],
)
def test_search_syntax_is_only_text(catalog: Catalog, describe: Describe, query: str) -> None:
    describe({0: ["a dog"]})
    hits = catalog.search(query)
    assert all(hit.snippet == "a dog" for hit in hits)
    assert bool(hits) == ("dog" in query)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=20))
def test_any_text_can_be_asked_for(catalog: Catalog, query: str) -> None:
    assert catalog.search(query) == []


def test_words_of_any_language_are_found(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["շուն եւ կատու"], 1: ["ein größeres Café"], 2: ["a dog"]})
    assert [hit.unit.index for hit in catalog.search("կատու")] == [0]
    assert [hit.unit.index for hit in catalog.search("cafe")] == [1]
