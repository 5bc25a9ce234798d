import numpy as np
import pytest

from captioner.protocols import LogLikelihood
from milan.describe import PmiSettings, rank_by_pmi
from milan.errors import BadSetting

GIVEN = LogLikelihood(np.array([-1.0, -2.0]), np.array([1.0, 4.0]))
PRIOR = LogLikelihood(np.array([-1.5, -9.0]), np.array([1.0, 4.0]))
PHRASES, SOURCES = ["a dog", "the left ear of a shepherd dog"], ["decoder", "bank"]


def test_without_the_prior_the_likelier_phrase_wins_and_with_it_the_more_specific_one() -> None:
    sums = {"length_power": 0.0, "n_kept": 2}
    likely = rank_by_pmi(PHRASES, SOURCES, GIVEN, PRIOR, PmiSettings(lambda_=0.0, **sums))
    specific = rank_by_pmi(PHRASES, SOURCES, GIVEN, PRIOR, PmiSettings(lambda_=0.5, **sums))
    assert [c.phrase for c in likely] == ["a dog", "the left ear of a shepherd dog"]
    assert [c.phrase for c in specific] == ["the left ear of a shepherd dog", "a dog"]


def test_the_parts_of_a_score_add_up_after_the_length_is_taken_out() -> None:
    best = rank_by_pmi(PHRASES, SOURCES, GIVEN, PRIOR, PmiSettings(lambda_=0.5, length_power=0.5))[0]
    assert best.log_p_given == pytest.approx(-2.0 / 2)
    assert best.log_p_prior == pytest.approx(-9.0 / 2)
    assert best.score == pytest.approx(best.log_p_given - 0.5 * best.log_p_prior)
    assert best.source == "bank"


def test_equal_scores_are_ordered_by_phrase_whatever_the_order_found() -> None:
    same = LogLikelihood(np.array([-1.0, -1.0]), np.array([1.0, 1.0]))
    forth = rank_by_pmi(["b", "a"], ["bank", "bank"], same, same, PmiSettings())
    back = rank_by_pmi(["a", "b"], ["bank", "bank"], same, same, PmiSettings())
    assert [c.phrase for c in forth] == [c.phrase for c in back] == ["a", "b"]


def test_only_the_n_best_are_kept() -> None:
    assert len(rank_by_pmi(PHRASES, SOURCES, GIVEN, PRIOR, PmiSettings(n_kept=1))) == 1


@pytest.mark.parametrize("wrong", [{"lambda_": 1.5}, {"lambda_": -0.1}, {"n_kept": 0}])
def test_settings_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadSetting):
        PmiSettings(**wrong)


def test_what_is_recognised_in_the_regions_wins_among_phrases_that_follow_alike() -> None:
    alike = np.full(len(PHRASES), 0.5, np.float32)
    for chosen, phrase in enumerate(PHRASES):
        recognised = np.log1p(2 * np.eye(len(PHRASES))[chosen])
        best = rank_by_pmi(PHRASES, SOURCES, GIVEN, PRIOR, PmiSettings(), alike, recognised)[0]
        assert best.phrase == phrase
