"""How far people agree."""

import pytest

from milan.statistics import Votes, krippendorff_alpha


def test_alpha_is_what_krippendorff_works_out_by_hand() -> None:
    """Ten things judged by two (Krippendorff 2011, "Computing Krippendorff's alpha-reliability", A): .095."""
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    votes = [Votes(a + b, 2 - a - b) for a, b in zip(first, second, strict=True)]
    found = krippendorff_alpha(votes)
    assert found is not None
    assert found.value == pytest.approx(0.095, abs=5e-4)
    assert found.low <= found.value <= found.high


def test_perfect_agreement_is_one_and_a_single_judgement_does_not_count() -> None:
    found = krippendorff_alpha([Votes(3, 0), Votes(0, 2), Votes(1, 0)])
    assert found is not None
    assert found.value == 1


@pytest.mark.parametrize("votes", [[], [Votes(1, 1)], [Votes(1, 0), Votes(0, 1)], [Votes(2, 0), Votes(3, 0)]])
def test_nothing_is_said_where_nothing_can_be(votes: list[Votes]) -> None:
    assert krippendorff_alpha(votes) is None


def test_the_interval_is_the_same_each_time() -> None:
    votes = [Votes(2, 1), Votes(0, 3), Votes(3, 1), Votes(1, 1)]
    assert krippendorff_alpha(votes) == krippendorff_alpha(votes)
