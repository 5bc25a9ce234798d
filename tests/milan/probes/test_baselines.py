"""What a probe is held against."""

import numpy as np
import pytest

from milan.errors import BadSetting, DataError
from milan.probes import control_labels, majority_of_word


def test_a_known_word_gets_its_most_frequent_label_and_an_unknown_one_that_of_all() -> None:
    words = ["run", "run", "run", "dog", "red", "red", "dog"]
    labels = np.array([1, 1, 0, 2, 0, 3, 2])
    assert majority_of_word(words, labels, ["run", "dog", "red", "cat"]).tolist() == [1, 2, 0, 0]


def test_control_labels_go_with_the_word_alone_and_are_as_frequent_as_the_tasks() -> None:
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in rng.integers(0, 4000, 20_000)]
    labels = (rng.random(20_000) < 0.2).astype(np.int64)
    found = control_labels(words, labels)
    assert len({(word, label) for word, label in zip(words, found.tolist(), strict=True)}) == len(set(words))
    assert found.mean() == pytest.approx(0.2, abs=0.02)
    assert control_labels(words, labels, distribution="uniform").mean() == pytest.approx(0.5, abs=0.02)
    assert np.array_equal(control_labels(words, labels), found)
    assert not np.array_equal(control_labels(words, labels, seed=1), found)


def test_case_makes_another_word() -> None:
    words = ["May", "may"] * 50
    many = {tuple(control_labels(words, np.arange(100) % 2, seed=seed)[:2]) for seed in range(20)}
    assert (0, 1) in many


def test_words_and_labels_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(DataError, match="2 words and 1 labels"):
        majority_of_word(["a", "b"], np.array([0]), ["a"])
    with pytest.raises(DataError, match="0 words and 0 labels"):
        control_labels([], np.array([], np.int64))
    with pytest.raises(BadSetting, match="'same' or 'uniform', got 'sme'"):
        control_labels(["a"], np.array([0]), distribution="sme")  # type: ignore[arg-type]
