"""Question files: what is read, and how mistakes are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from milan.errors import BadSetting, DataError, MilanError, UnknownName
from milan.records.concepts import LIKENESS
from milan.records.files import shipped_file
from milan.uses.audit import SHIPPED, audit_catalogs, join_questions, open_questions, questions_of
from milan.uses.audit.questions import OF_IMAGES

GOOD = """
title: Wheels
concepts:
  - name: wheels
    words: [wheel, "hub cap", no]
    phrases: something that rolls
    sentences:
      - A car stands on these.
    but_not: [ferris wheel]
    likeness: 0.7
  - {name: roads, words: [road]}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "q.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    questions = open_questions(write(tmp_path, GOOD))
    wheels, roads = questions.concepts
    assert questions.title == "Wheels"
    assert wheels.words == ("wheel", "hub cap", "no")  # YAML's truths are words here
    assert wheels.phrases == ("something that rolls", "A car stands on these.")
    assert (wheels.but_not, wheels.likeness) == (("ferris wheel",), 0.7)
    assert (roads.name, roads.likeness) == ("roads", LIKENESS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("concepts:\n  - name: a\n    wrods: [b]", "line 3: no key 'wrods'; did you mean 'words'?"),
        ("titel: x\nconcepts: []", "line 1: no key 'titel'; did you mean 'title'?"),
        ("concepts:\n  - name: a\n    colour: red", "line 3: no key 'colour'; known are name, words"),
        ("concepts:\n  - words: [b]", "line 2: concepts: a concept has no name"),
        ("concepts:\n  - name: a", "line 2: concepts: the concept 'a' has nothing to match"),
        ("concepts:\n  - {name: a, words: []}", "the concept 'a' has nothing to match"),
        ("concepts:\n  - {name: a, words: [[b]]}", "line 2: words: a text is expected"),
        ("concepts:\n  - {name: a, words: {b: c}}", "line 2: words: a list is expected"),
        ("concepts:\n  - {name: a, words: b, words: c}", "line 2: words: stands there twice"),
        ("concepts:\n  - {name: a, words: b}\n  - {name: a, words: c}", "line 3: concepts: another concept"),
        ("concepts:\n  - {name: a, phrases: b, likeness: high}", "line 2: likeness: a number from 0.05 to 1"),
        ("concepts:\n  - {name: a, phrases: b, likeness: 7}", "got '7'"),
        ("concepts: [a]", "line 1: concepts: keys with values are expected"),
        ("concepts: []", "there is no concept in it"),
        ("title: x", "there is no concept in it"),
        ("- a\n- b", "line 1: keys with values are expected"),
        ("concepts: [", "line 1: not YAML"),
        ("concepts:\n\t- a", "line 2: not YAML"),
        ("", "the file is empty"),
        ("# only a comment", "the file is empty"),
        ("&a [*a]", "keys with values are expected"),
    ],
)
def test_a_mistake_names_the_line_and_the_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MilanError) as told:
        open_questions(write(tmp_path, text))
    assert said in str(told.value)
    assert "q.yaml" in str(told.value)
    assert "\n" not in str(told.value)


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'people-and-faces'"):
        open_questions("people-and-face")
    with pytest.raises(DataError, match="no such question file"):
        open_questions(tmp_path / "missing.yaml")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(DataError, match="not UTF-8"):
        open_questions(tmp_path / "b.yaml")


def test_all_files_that_ship_are_named_and_can_be_asked_together() -> None:
    folder = shipped_file("questions/people-and-faces.yaml").parent
    assert sorted(SHIPPED) == sorted(file.stem for file in folder.glob("*.yaml"))
    every = questions_of(SHIPPED)
    assert len(every.concepts) > 25
    assert every == join_questions([open_questions(name) for name in SHIPPED])
    assert questions_of(()) == questions_of(OF_IMAGES)


@pytest.mark.parametrize(
    ("concept", "phrases"),
    [
        ("past tense", ["past-tense verbs", "words that end in -ed"]),
        ("plural", ["plural nouns"]),
        ("negation", ["negation", "the word 'n't'", "negative words"]),
        ("numbers", ["numerals", "the number '2010'", "ordinal numbers", "numbers written in digits"]),
        ("words for women", ["words for a woman in third person", "the word 'she'"]),
        ("names and nationalities", ["names", "singular names", "countries"]),
        ("questions", ["question words", "the question mark"]),
        ("marks and symbols", ["the comma", "punctuation marks"]),
        (
            None,
            [
                "words after 'not'",
                "words before names",
                "words before a question mark",
                "words after a comma",
            ],
        ),
    ],
)
def test_grammar_is_asked_for_by_the_words_that_text_units_are_described_with(
    concept: str | None, phrases: list[str], make_catalog: Callable[..., Path]
) -> None:
    said = {unit: (phrase, 0.5) for unit, phrase in enumerate(phrases)}
    report = audit_catalogs([make_catalog("texts.db", {"layer": said})], open_questions("words-and-grammar"))
    counts = {own.name: report.catalogs[0].count(own.name) for own in report.questions.concepts}
    found = {name: count for name, count in counts.items() if count}
    assert found == ({} if concept is None else {concept: len(phrases)})


def test_two_concepts_of_one_name_are_refused(tmp_path: Path) -> None:
    own = open_questions(write(tmp_path, "concepts: [{name: people, words: [person]}]"))
    with pytest.raises(BadSetting, match="two concepts are called 'people'"):
        join_questions([open_questions("people-and-faces"), own])


def test_a_query_is_a_question() -> None:
    (concept,) = questions_of((), ["a ruler"]).concepts
    assert (concept.name, concept.words) == ("a ruler", ("a ruler",))
    with pytest.raises(MilanError, match="a query is empty"):
        questions_of((), [" "])
