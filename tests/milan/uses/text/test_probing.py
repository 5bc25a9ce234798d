"""From activations and tags on disk to units, beside what they are held against."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from milan.errors import DataError
from milan.probes import ElasticNet
from milan.texts import Activations, Sentences, Tagged
from milan.uses.text import Probed, ProbeOptions, probe_words
from milan.uses.text.splitting import split_words

OPTIONS = ProbeOptions(l1=0.02, permutations=20)


@pytest.fixture(scope="module")
def probed(activations: Path, tagged: Tagged) -> Probed:
    return probe_words(Activations.open(activations), tagged, OPTIONS)


def test_the_units_that_know_a_tag_are_its_first(probed: Probed) -> None:
    first = {name: str(probed.best_of_class(number)[0]) for number, name in enumerate(probed.classes.names)}
    assert first == {"N": "low/3", "V": "low/4", "P": "low/5"}
    assert {str(probed.units[unit]) for unit in probed.ranking.order[:3]} == set(first.values())
    assert probed.with_signal == (True, True, True)
    assert probed.false_discovery is not None
    assert max(probed.false_discovery[unit] for unit in probed.ranking.order[:3]) <= 0.05


def test_rare_tags_and_words_without_one_are_left_out(probed: Probed) -> None:
    assert probed.classes.left_out == {"X": 2}
    assert sum(probed.n_words) == 600 - 3


def test_the_probe_stands_beside_the_word_alone_and_the_control(probed: Probed) -> None:
    assert probed.accuracy.value > 0.85
    assert probed.majority.value > 0.9, "here the word says it all"
    assert probed.over_majority.value == pytest.approx(probed.accuracy.value - probed.majority.value)
    assert probed.selectivity.low > 0.2
    assert [kept.which for kept in probed.kept[:3]] == ["top", "random", "bottom"]
    assert probed.kept[0].masked.value > probed.kept[2].masked.value


def test_without_a_strength_it_is_chosen_on_held_out_sentences(activations: Path, tagged: Tagged) -> None:
    told: list[str] = []
    opened = Activations.open(activations)
    found = probe_words(
        opened, tagged, ProbeOptions(("high",)), lambda stage, done, total: told.append(stage)
    )
    assert found.probe.penalty in [one.penalty for one in found.tried]
    assert len(found.tried) == 5
    assert set(told) == {"penalty"}
    assert found.false_discovery is None
    assert found.accuracy.low < 0.45, "the other layer knows nothing"
    assert probe_words(opened, tagged, OPTIONS).probe.penalty == ElasticNet(0.02, 0.2)


def test_equal_sentences_fall_on_one_side() -> None:
    text = Sentences.of([["a", "b"], ["c"], ["d"], ["e"], ["a", "b"], ["f"], ["g"], ["c"], ["h"], ["i"]])
    for seed in range(5):
        sides = split_words(text, np.arange(len(text)), seed)
        of_side = [{text.each()[sentence] for sentence in text.sentence[side]} for side in sides]
        assert sum(map(len, of_side)) == len(set.union(*of_side)) == 8
        assert sorted(np.concatenate(sides).tolist()) == list(range(len(text)))


def test_texts_that_do_not_line_up_or_are_too_small_are_refused(activations: Path, tagged: Tagged) -> None:
    opened = Activations.open(activations)
    words = list(tagged.sentences.words)
    words[7] = "other"
    other = Tagged(replace(tagged.sentences, words=tuple(words)), tagged.tags)
    with pytest.raises(DataError, match=r"sentence 2, word 3 \('other'\)"):
        probe_words(opened, other, OPTIONS)
    with pytest.raises(DataError, match="1 different sentences"):
        split_words(Sentences.of([["a"], ["a"]]), np.arange(2), 0)
    with pytest.raises(DataError, match="1 of 4 tags have 500 words"):
        probe_words(
            opened, Tagged(tagged.sentences, ("N", "V", "P", "X", *["N"] * 596)), ProbeOptions(least=500)
        )
