"""Shares, exact tests and corrections, held against other ways to compute them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control

from milan.statistics.shares import benjamini_hochberg, difference, fisher, holm, share

chances = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_has_wilsons_interval(counts: tuple[int, int]) -> None:
    value, low, high = share(*counts)
    known = binomtest(*counts).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((known.low, known.high), abs=1e-9)
    assert low <= value <= high


def test_of_nothing_no_share_is_known() -> None:
    assert share(0, 0) == (0, 0, 1)


def test_a_difference_has_newcombes_interval() -> None:
    # Newcombe (1998), table II, example (a), method 10: 56/70 less 48/80
    found = difference(share(48, 80), share(56, 70))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(st.integers(0, 40), st.integers(0, 60))
def test_a_difference_turns_its_sign_with_the_order(one: int, other: int) -> None:
    there, back = (
        difference(*pair) for pair in ((share(one, 40), share(other, 60)), (share(other, 60), share(one, 40)))
    )
    assert there == pytest.approx((-back.value, -back.high, -back.low))
    assert -1 <= there.low <= there.value <= there.high <= 1


def test_fishers_test_is_exact() -> None:
    assert fisher(3, 4, 1, 4) == pytest.approx(0.485714, abs=1e-6)  # the lady tasting tea, both sides
    assert fisher(0, 10, 0, 20) == 1


@given(chances)
def test_the_rate_of_false_findings_is_benjamini_and_hochbergs(values: list[float]) -> None:
    assert benjamini_hochberg(values) == pytest.approx(false_discovery_control(values))


@given(chances)
def test_holm_lies_between_the_chance_and_bonferronis(values: list[float]) -> None:
    corrected = holm(values)
    assert np.all(corrected >= np.array(values))
    assert np.all(corrected <= np.minimum(1, np.array(values) * len(values)) + 1e-12)
    assert all(
        corrected[a] <= corrected[b]
        for a, b in product(range(len(values)), repeat=2)
        if values[a] < values[b]
    )


def test_of_no_tests_nothing_is_corrected() -> None:
    assert benjamini_hochberg([]).size == holm([]).size == 0
