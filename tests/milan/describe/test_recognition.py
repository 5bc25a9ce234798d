"""What is recognised in a unit's regions, and beside them."""

import numpy as np
import pytest

from milan.describe import LayerEvidence, Voice
from milan.describe.recognition import Recognition

SHARP = 100.0


def recognition_of(voice: Voice, sharpness: float) -> Recognition:
    """One unit of two red regions and two green ones; beside the first is blue, on its second side alone."""
    features = np.eye(3, dtype=np.float16)[[0, 0, 1, 1]]
    beside = np.full((4, 4, 3), np.nan, np.float16)
    beside[0, 1] = (0, 0, sharpness)
    evidence = LayerEvidence(features, features, np.full(4, sharpness, np.float32), beside, (range(4),))
    return Recognition(evidence, voice)


@pytest.fixture
def recognition(voice: Voice) -> Recognition:
    return recognition_of(voice, SHARP)


def test_half_of_the_regions_are_half_of_the_chance(recognition: Recognition) -> None:
    chances = np.expm1(recognition.of(0, ["red paint", "green paint", "blue paint"])) / 2
    np.testing.assert_allclose(chances, [0.5, 0.5, 0], atol=1e-4)


def test_a_phrase_that_the_bank_lacks_shares_with_those_it_has(recognition: Recognition) -> None:
    (chance,) = np.expm1(recognition.of(0, ["red thing"])) / 2
    assert chance == pytest.approx(0.25, abs=1e-4)


def test_what_lies_beside_is_told_where_something_does(recognition: Recognition) -> None:
    shown = recognition.beside(0, "blue paint")
    assert shown.shape == (4, 4)
    assert shown[0, 1] == pytest.approx(1, abs=1e-3)
    assert np.isnan(np.delete(shown.ravel(), 1)).all()


def test_eyes_that_are_not_sharp_are_not_believed(voice: Voice) -> None:
    found = recognition_of(voice, sharpness=20).of(0, ["red paint", "blue paint"])
    np.testing.assert_array_equal(found, 0)
