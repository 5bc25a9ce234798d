"""Weighted phrases, held against units made of known phrases."""

import numpy as np
import pytest

from milan.describe.explanation import explain_units, predicted, standardised

PHRASES = tuple(f"phrase {number}" for number in range(30))
N = 400


@pytest.fixture
def shown() -> np.ndarray:
    return standardised(np.random.default_rng(0).random((N, len(PHRASES))).astype(np.float32))


@pytest.fixture
def validation() -> np.ndarray:
    return np.arange(N) % 4 == 0


def unit_of(shown: np.ndarray, weights: dict[int, float], noise: float = 0.3) -> np.ndarray:
    made = sum(weight * shown[:, phrase] for phrase, weight in weights.items())
    made = made + noise * np.random.default_rng(1).standard_normal(N)
    return standardised(made[:, None].astype(np.float32))


def test_the_phrases_that_a_unit_is_made_of_are_found_with_their_signs(
    shown: np.ndarray, validation: np.ndarray
) -> None:
    (found,) = explain_units(PHRASES, shown, unit_of(shown, {3: 1.0, 8: 0.7, 20: -0.6}), validation)
    assert found is not None
    assert [term.phrase for term in found.terms] == ["phrase 3", "phrase 8", "phrase 20"]
    assert found.sentence == "phrase 3; also phrase 8; not phrase 20"


def test_noise_is_explained_by_little_or_nothing(shown: np.ndarray, validation: np.ndarray) -> None:
    noise = standardised(np.random.default_rng(5).standard_normal((N, 40)).astype(np.float32))
    found = explain_units(PHRASES, shown, noise, validation)
    n_terms = [0 if explanation is None else len(explanation.terms) for explanation in found]
    assert np.mean(n_terms) < 2


def test_no_more_than_five_phrases_are_said(shown: np.ndarray, validation: np.ndarray) -> None:
    unit = unit_of(shown, dict.fromkeys(range(12), 1.0), noise=0.1)
    (found,) = explain_units(PHRASES, shown, unit, validation)
    assert found is not None
    assert len(found.terms) == 5


def test_an_explanation_predicts_the_unit_on_images_it_was_not_fitted_to(
    shown: np.ndarray, validation: np.ndarray
) -> None:
    unit = unit_of(shown, {0: 1.0, 1: -1.0})
    explanations = explain_units(PHRASES, shown[:300], unit[:300], validation[:300])
    said = predicted(explanations, PHRASES, shown[300:])
    assert np.corrcoef(said[:, 0], unit[300:, 0])[0, 1] > 0.9
    assert not predicted([None], PHRASES, shown).any()
