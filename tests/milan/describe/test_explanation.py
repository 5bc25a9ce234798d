"""Weighted phrases, held against units made of known phrases."""

import numpy as np
import pytest

from milan.describe.explanation import Sides, Split, explain_units, predicted, standardised
from milan.records import Explanation

PHRASES = tuple(f"phrase {number}" for number in range(30))
N = 400


@pytest.fixture
def shown() -> Sides:
    return both(np.random.default_rng(0).random((N, len(PHRASES))))


@pytest.fixture
def validation() -> np.ndarray:
    return np.arange(N) % 4 == 0


def both(values: np.ndarray) -> Sides:
    """A mean and a peak that are the same."""
    return Sides.of(values, values)


def made_of(shown: np.ndarray, weights: dict[int, float], noise: float = 0.3) -> np.ndarray:
    made = sum(weight * shown[:, phrase] for phrase, weight in weights.items())
    return (made + noise * np.random.default_rng(1).standard_normal(N))[:, None]


def explained(shown: Sides, units: Sides, validation: np.ndarray) -> list[Explanation | None]:
    return explain_units(PHRASES, Split.of(shown, validation), Split.of(units, validation))


def unit_of(shown: Sides, weights: dict[int, float], noise: float = 0.3) -> Sides:
    return both(made_of(shown.mean, weights, noise))


def test_the_phrases_that_a_unit_is_made_of_are_found_with_their_signs(
    shown: Sides, validation: np.ndarray
) -> None:
    (found,) = explained(shown, unit_of(shown, {3: 1.0, 8: 0.7, 20: -0.6}), validation)
    assert found is not None
    assert [term.phrase for term in found.terms] == ["phrase 3", "phrase 8", "phrase 20"]
    assert found.sentence == "phrase 3; also phrase 8; not phrase 20"


def test_noise_is_explained_by_little_or_nothing(shown: Sides, validation: np.ndarray) -> None:
    noise = both(np.random.default_rng(5).standard_normal((N, 40)))
    found = explained(shown, noise, validation)
    n_terms = [0 if explanation is None else len(explanation.terms) for explanation in found]
    assert np.mean(n_terms) < 2


def test_no_more_than_five_phrases_are_said(shown: Sides, validation: np.ndarray) -> None:
    unit = unit_of(shown, dict.fromkeys(range(12), 1.0), noise=0.1)
    (found,) = explained(shown, unit, validation)
    assert found is not None
    assert len(found.terms) == 5


def test_an_explanation_predicts_the_unit_on_images_it_was_not_fitted_to(
    shown: Sides, validation: np.ndarray
) -> None:
    unit, early = unit_of(shown, {0: 1.0, 1: -1.0}), np.arange(N) < 300
    explanations = explained(shown.images(early), unit.images(early), validation[early])
    mean, peak = predicted(explanations, PHRASES, shown.images(~early))
    assert np.corrcoef(mean[:, 0], unit.mean[~early, 0])[0, 1] > 0.9
    np.testing.assert_allclose(mean, peak, atol=1e-5)
    assert not any(side.any() for side in predicted([None], PHRASES, shown))


def test_mean_and_peak_have_weights_of_their_own(shown: Sides, validation: np.ndarray) -> None:
    mean, peak = made_of(shown.mean, {4: 1.0, 9: 0.2}), made_of(shown.peak, {4: 0.2, 9: -1.0})
    (found,) = explained(shown, Sides.of(mean, peak), validation)
    assert found is not None
    weights = {term.phrase: (term.weight, term.peak_weight) for term in found.terms}
    assert weights["phrase 4"][0] > 3 * abs(weights["phrase 4"][1])
    assert weights["phrase 9"][1] < -3 * abs(weights["phrase 9"][0])


def test_a_column_that_never_changes_is_all_zeros() -> None:
    assert not standardised(np.full((5, 2), 3.0)).any()
