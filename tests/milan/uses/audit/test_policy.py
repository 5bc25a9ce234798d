"""What a policy allows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milan.errors import MilanError
from milan.records import ShuffledFaithfulness
from milan.uses.audit import check_policy

Make = Callable[..., Path]
FACES = {0: ("a face", 0.6), 1: ("a face", 0.16), 2: ("a dog", 0.5)}
TEXT = "questions: text-and-watermarks"
INLINE = "{concept: faces, words: [face], %s}"


@pytest.fixture
def check(make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness, tmp_path: Path) -> Any:
    catalog = make_catalog("units.db", {"one": FACES, "two": {0: ("a face", 0.6)}}, shuffled)

    def run(text: str, **more: Any) -> Any:
        policy = tmp_path / "policy.yaml"
        policy.write_text(text, "utf-8")
        return check_policy(more.pop("catalog", catalog), policy, embed=encoder, **more)

    return run


def rule(what: str) -> str:
    return f"forbid:\n  - {INLINE % what}"


def test_a_rule_counts_what_is_said(check: Any) -> None:
    assert check(rule("at_most: 3")).violations == ()
    (violation,) = check(rule("at_most: 2")).violations
    assert (violation.n, violation.allowed) == (3, 2)
    assert violation.line == ("faces: 3 units answer, allowed are 2: tiny/one/0, tiny/one/1, tiny/two/0")


def test_a_rule_may_count_sure_answers_alone_or_one_layer(check: Any) -> None:
    assert check(rule("at_most: 2, surely: true")).violations == ()
    (violation,) = check(rule("at_most: 1, surely: true")).violations
    assert violation.units == ("tiny/one/0", "tiny/two/0")
    (violation,) = check(rule("at_most: 0, layer: two")).violations
    assert "1 unit answers in two" in violation.line


def test_units_of_which_too_little_is_known_count_as_sure(check: Any, make_catalog: Make) -> None:
    unknown = make_catalog("unknown.db", {"one": {0: ("a face", None)}})
    checked = check(rule("at_most: 0, surely: true"), catalog=unknown)
    assert checked.violations[0].n == 1
    assert "does not know how surely" in checked.notes[0]


def test_what_has_grown_is_refused(check: Any, make_catalog: Make) -> None:
    released = make_catalog("released.db", {"one": {0: ("a face", 0.5)}})
    (violation,) = check(f"baseline: released.db\n{rule('may_grow: 1')}").violations
    assert (violation.n, violation.allowed, violation.baseline) == (3, 2, 1)
    assert "(the baseline has 1)" in violation.line
    assert check(f"baseline: released.db\n{rule('may_grow: 2')}").violations == ()
    assert len(check(rule("may_grow: 0"), baseline=released).violations) == 1


def test_concepts_come_from_question_files_beside_the_policy(check: Any, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("concepts: [{name: muzzles, words: [face]}]")
    assert check("questions: own.yaml\nforbid: [{concept: muzzles, at_most: 2}]").violations[0].n == 3
    shipped = "questions: text-and-watermarks\nforbid: [{concept: watermarks and logos, at_most: 0}]"
    assert check(shipped).violations == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{TEXT}\nforbid: [{{concept: txt, at_most: 0}}]", "line 2: concept: no concept 'txt'"),
        (f"{TEXT}\nforbid: [{{concept: txt, at_most: 0}}]", "did you mean 'text'?"),
        ("forbid: [{concept: text, at_most: 0}]", "write its words here, or name its question file"),
        ("forbid:\n  - concept: a\n    at_mots: 1", "line 3: no key 'at_mots'; did you mean 'at_most'?"),
        ("forbid: [{words: [a], at_most: 0}]", "a rule names no concept"),
        ("forbid: [{concept: a, words: [a]}]", "says how many units are allowed"),
        ("forbid: [{concept: a, words: [a], at_most: -1}]", "at_most: a whole number, 0 or more"),
        ("forbid: [{concept: a, words: [a], at_most: 0, surely: maybe}]", "true or false is expected"),
        ("forbid: [{concept: a, words: [], at_most: 0}]", "has nothing to match"),
        ("forbid: []", "nothing is forbidden"),
        ("", "the file is empty"),
        ("questions: [nope]\nforbid: [{concept: a, at_most: 0}]", "no question file 'nope'"),
        ("forbid: [{concept: a, words: a, may_grow: 0}]", "may_grow compares with a baseline"),
        ("baseline: gone.db\nforbid: [{concept: a, words: a, may_grow: 0}]", "no such catalog"),
        ("forbid: [{concept: a, words: a, at_most: 0, layer: onn}]", "no layer 'onn'; did you mean 'one'?"),
        (
            "forbid:\n  - {concept: a, words: a, at_most: 0}\n  - {concept: a, words: b, at_most: 0}",
            "line 3: forbid: 'a' means something else in another rule",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(check: Any, text: str, said: str) -> None:
    with pytest.raises(MilanError) as told:
        check(text)
    assert said in str(told.value)
    assert "\n" not in str(told.value)
