"""Groups of exemplars, and the words that each gets for itself."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from milan.describe import LayerEvidence, PmiSettings, Voice, describe_layer
from milan.describe.candidates import CHUNK
from milan.describe.meanings import grouped
from milan.records import Description

COLOURS = ("red", "green", "blue")
SETTINGS = PmiSettings(n_retrieved=2, n_lookalikes=1)


def evidence_of(units: Sequence[str], looks: Sequence[str] | None = None) -> LayerEvidence:
    """`rrrb` is a unit of three red exemplars and a blue one; `looks` is where the encoder puts them."""
    amounts = np.eye(3, dtype=np.float16)
    ends = np.cumsum([0, *map(len, units)]).tolist()
    colour_of = {colour[0]: row for colour, row in zip(COLOURS, amounts, strict=True)}
    return LayerEvidence(
        features=np.stack([colour_of[letter] for unit in units for letter in unit]),
        vectors=np.stack([colour_of[letter] for unit in looks or units for letter in unit]),
        sharpness=np.full(ends[-1], 20.0, np.float32),
        beside=np.full((ends[-1], 4, 3), np.nan, np.float16),
        rows=tuple(range(start, end) for start, end in pairwise(ends)),
    )


def described(voice: Voice, evidence: LayerEvidence, **which: object) -> list[Description]:
    found = describe_layer(evidence, voice, SETTINGS, **which)  # type: ignore[arg-type]
    return [description for chunk in found for description in chunk]


def test_a_unit_of_two_kinds_gets_a_phrase_for_each_and_others_get_none(voice: Voice) -> None:
    both, red, blue = described(voice, evidence_of(["rrbrbrb", "rrrrrrr", "bbbbbbb"]))
    assert [(meaning.phrase.split()[0], meaning.ranks) for meaning in both.meanings] == [
        ("red", (0, 1, 3, 5)),
        ("blue", (2, 4, 6)),
    ]
    assert red.meanings == blue.meanings == ()


def test_two_odd_exemplars_are_no_meaning(voice: Voice) -> None:
    assert all(not said.meanings for said in described(voice, evidence_of(["rrrrrbb", "ggggggg"])))
    many = "r" * 17 + "bbb"  # three, but less than a fifth
    assert not described(voice, evidence_of([many, "ggggggg"]))[0].meanings


def test_groups_that_the_same_words_fit_are_one_meaning(voice: Voice) -> None:
    evidence = evidence_of(["rrrrrrrr", "gggggggg"], looks=["rrrrbbbb", "gggggggg"])
    assert described(voice, evidence)[0].meanings == ()
    apart = evidence_of(["rrrrbbbb", "gggggggg"], looks=["rrrrbbbb", "gggggggg"])
    assert len(described(voice, apart)[0].meanings) == 2


def test_three_kinds_of_which_two_say_the_same_are_two_meanings(voice: Voice) -> None:
    evidence = evidence_of(["rrrrrrggg", "rbgrbgrbg"], looks=["rrrbbbggg", "rbgrbgrbg"])
    found = described(voice, evidence)[0].meanings
    assert [meaning.ranks for meaning in found] == [(0, 1, 2, 3, 4, 5), (6, 7, 8)]


def test_a_unit_has_the_same_meanings_whether_asked_alone_or_with_all(voice: Voice) -> None:
    evidence = evidence_of((["rrrrrrr", "rrrbbbb", "ggggrrr"] * CHUNK)[: CHUNK + 6])
    everything = described(voice, evidence)
    (alone,) = described(voice, evidence, units={CHUNK + 1})
    assert alone == everything[CHUNK + 1]
    assert [meaning.ranks for meaning in alone.meanings] == [(0, 1, 2, 3), (4, 5, 6)]


def test_few_exemplars_are_never_cut_into_groups() -> None:
    vectors = np.eye(5, dtype=np.float32)
    assert grouped(vectors, apart=0.1) == [(0, 1, 2, 3, 4)]
    assert grouped(np.zeros((0, 3), np.float32), apart=0.1) == [()]
