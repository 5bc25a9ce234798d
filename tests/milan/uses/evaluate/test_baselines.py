import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.statistics import mean_figure
from milan.uses.evaluate.baselines import most_frequent, shuffled


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30), st.integers(0, 5))
def test_nobody_keeps_a_phrase_when_phrases_are_shuffled(phrases: list[str], seed: int) -> None:
    given_away = shuffled(phrases, np.random.default_rng(seed))
    pairs = list(zip(phrases, given_away, strict=True))
    assert all(own != other for own, other in pairs)
    if max(phrases.count(phrase) for phrase in phrases) * 2 <= len(phrases):
        assert sorted(phrases) == sorted(other for other in given_away if other is not None)


def test_the_most_frequent_phrase_is_the_first_in_the_alphabet_among_equals() -> None:
    assert most_frequent(["b", "a", "b", "a", "c"]) == "a"


def test_an_interval_holds_the_mean_and_narrows_with_units() -> None:
    few, many = (mean_figure([0.0, 1.0] * n) for n in (10, 1000))
    assert few is not None
    assert many is not None
    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert mean_figure([]) is None


def test_units_that_all_agree_leave_no_doubt() -> None:
    figure = mean_figure([1.0] * 20)
    assert figure == pytest.approx((1.0, 1.0, 1.0))
