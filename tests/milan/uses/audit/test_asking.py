"""What a catalog answers: counts, how surely, and how many would be expected by chance."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.catalog import Answer, Catalog
from milan.errors import CatalogError, DataError, UsageError
from milan.records import Concept, ShuffledFaithfulness, UnitId
from milan.uses.audit import Questions, ask, audit_catalogs
from milan.uses.audit.trust import chances_of

FACES = Questions("Faces", (Concept("faces", ("face",), ("a nose",), 0.9), Concept("text", ("text",))))
LAYER = {0: ("a face", 0.6), 1: ("a nose", 0.35), 2: ("a face", 0.16), 3: ("a face", 0.05), 4: ("a dog", 0.5)}
Make = Callable[..., Path]


def test_counts_are_of_what_is_said_and_chance_of_all_that_would_be(
    make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness
) -> None:
    path = make_catalog("a.db", {"one": LAYER}, shuffled)
    (found,) = audit_catalogs([path], FACES, encoder).catalogs
    faces, text = found.found
    assert (faces.n, faces.layer.n_units, faces.layer.n_said) == (3, 5, 4)
    assert [answer.answer.unit.index for answer in faces.answers] == [0, 1, 2]  # the surest first
    assert [answer.answer.how for answer in faces.answers] == ["word", "meaning", "word"]
    assert faces.expected_false == pytest.approx(4 * 101 / 1001)  # the one held back counts here
    assert (text.n, text.n_sure, text.expected_false) == (0, 0, 0)


def test_chances_are_corrected_for_all_answers_to_all_questions(
    make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness
) -> None:
    path = make_catalog("a.db", {"one": LAYER}, shuffled)
    (found,) = audit_catalogs([path], FACES, encoder).catalogs
    first, second, third = (answer.chance for answer in found.found[0].answers)
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.alone == pytest.approx(1 / 1001)
    assert first.corrected == pytest.approx(4 / 1001)
    assert second.alone == pytest.approx(11 / 1001)
    assert second.corrected == pytest.approx(11 / 1001 * 4 / 2)
    assert third.corrected == pytest.approx(101 / 1001)  # as easily as the one held back
    assert found.found[0].n_sure == 2
    many = Questions("Many", (*FACES.concepts, *(Concept(f"again {n}", ("face",)) for n in range(60))))
    (more,) = audit_catalogs([path], many, encoder).catalogs
    assert sum(found.n_sure or 0 for found in more.found) <= 2 + 60  # what held back adds makes all less sure


def test_a_catalog_that_knows_no_chance_counts_all_the_same(make_catalog: Make, encoder: Any) -> None:
    path = make_catalog("a.db", {"one": {0: ("a face", None), 1: ("a dog", None)}})
    (found,) = audit_catalogs([path], FACES, encoder).catalogs
    faces = found.found[0]
    assert (faces.n, faces.n_sure, faces.expected_false) == (1, None, None)
    assert faces.answers[0].is_sure is None
    assert not found.knows_chance


def test_every_unit_may_answer(make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness) -> None:
    path = make_catalog("a.db", {"one": dict.fromkeys(range(40), ("a face", 0.5))}, shuffled)
    (found,) = audit_catalogs([path], FACES, encoder).catalogs
    assert found.count("faces") == found.layers[0].n_units == 40
    assert found.found[0].share.high == 1


def test_the_same_is_answered_twice(make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness) -> None:
    path = make_catalog("a.db", {"one": LAYER, "two": LAYER}, shuffled)
    first, second = (audit_catalogs([path], FACES, encoder).as_dict() for _ in range(2))
    assert first == second


def test_vectors_are_kept_so_that_the_next_audit_embeds_questions_alone(
    make_catalog: Make, encoder: Any
) -> None:
    path = make_catalog("a.db", {"one": LAYER})
    audit_catalogs([path], FACES, encoder)
    asked: list[str] = []

    def noting(phrases: list[str]) -> np.ndarray:
        asked.extend(phrases)
        return np.asarray(encoder(phrases))

    with Catalog.open(path) as catalog:
        ask(catalog.said(), FACES, noting)
    assert asked == ["a nose"]


def test_what_cannot_be_audited_is_told_in_one_line(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no catalog to audit"):
        audit_catalogs([], FACES, encoder)
    with pytest.raises(DataError, match="no such catalog"):
        audit_catalogs([tmp_path / "missing.db"], FACES, encoder)
    with pytest.raises(CatalogError, match="nothing is described yet"):
        audit_catalogs([make_catalog("empty.db", {"one": {}})], FACES, encoder)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_a_chance_is_the_share_of_shuffled_descriptions_that_reach_as_much(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 50, 400)
    shuffled = ShuffledFaithfulness(tuple(counts.tolist()))
    steps = rng.choice(400, n, p=counts / counts.sum())
    answers = [
        Answer(UnitId("n", "l", at), "a face", "word", 1.0, float(step / 200 - 0.9999))
        for at, step in enumerate(steps)
    ]
    chances = [chance for chance in chances_of(answers, [shuffled] * n) if chance is not None]
    for chance, step in zip(chances, steps, strict=True):
        assert chance.alone == pytest.approx((1 + counts[step:].sum()) / (1 + counts.sum()))
        assert chance.alone <= chance.corrected + 1e-12 <= 1 + 2e-12
