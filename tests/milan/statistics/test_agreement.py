"""The metrics of faithfulness, held against labels that are known to be right, missing or wrong."""

from importlib import import_module

import numpy as np
import pytest

from milan.statistics import Agreement, agreement, pearson
from milan.statistics.agreement import strongest

N = 60_000
RARE = 0.01


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return (np.random.default_rng(0).random((N, 1)) < RARE).astype(np.float32)


def figures(predicted: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    found = agreement(predicted.astype(np.float32), actual, resamples=1)
    return {name: float(getattr(found, name).value[0]) for name in ("pearson", "auprc", "f1")}


def test_right_labels_of_an_ideal_unit_agree_wholly(labels: np.ndarray) -> None:
    assert figures(labels, labels) == pytest.approx({"pearson": 1, "auprc": 1, "f1": 1})


def test_missing_labels_cost_what_theory_says(labels: np.ndarray) -> None:
    # NeuronEval's test of an over-specific label: half of the true ones are gone
    kept = labels * (np.random.default_rng(1).random((N, 1)) < 0.5)
    found = figures(kept, labels)
    assert (1 - found["pearson"]) / 2 == pytest.approx(0.147, abs=0.02)  # of the range from -1 to 1
    assert 1 - found["auprc"] == pytest.approx(0.5, abs=0.05)
    assert 1 - found["f1"] == pytest.approx(1 / 3, abs=0.04)


def test_extra_labels_cost_what_theory_says(labels: np.ndarray) -> None:
    # NeuronEval's test of an over-general label: as many false ones as true ones
    wrong = np.random.default_rng(2).random((N, 1)) < RARE / (1 - RARE)
    found = figures(np.maximum(labels, wrong), labels)
    assert (1 - found["pearson"]) / 2 == pytest.approx(0.147, abs=0.02)
    assert 1 - found["auprc"] == pytest.approx(0.5, abs=0.05)
    assert 1 - found["f1"] == pytest.approx(1 / 3, abs=0.04)


def test_nine_intervals_in_ten_hold_the_truth() -> None:
    random = np.random.default_rng(3)
    n_units, truth = 200, 0.3
    actual = random.standard_normal((300, n_units)).astype(np.float32)
    noise = random.standard_normal((300, n_units))
    predicted = (truth * actual + np.sqrt(1 - truth**2) * noise).astype(np.float32)
    found = agreement(predicted, actual, resamples=200).pearson
    assert 0.88 < float(np.mean((found.low < truth) & (truth < found.high))) <= 1
    assert float(found.value.mean()) == pytest.approx(truth, abs=0.02)


def test_a_prediction_that_never_changes_is_worth_nothing() -> None:
    actual = np.random.default_rng(4).random((300, 2)).astype(np.float32)
    found = agreement(np.full((300, 2), 0.7, np.float32), actual, resamples=5)
    assert found.pearson.value.tolist() == [0, 0]
    assert found.auprc.value == pytest.approx([0.05, 0.05])
    assert found.f1.value.tolist() == [0, 0]


def test_a_large_offset_does_not_move_a_correlation() -> None:
    random = np.random.default_rng(5)
    x, y = random.random((2, 400, 3)).astype(np.float32)
    assert pearson(x, y + 1000) == pytest.approx(pearson(x, y), abs=1e-3)


def test_the_strongest_are_the_ones_of_labels_however_many_they_are() -> None:
    labels = np.zeros((200, 2), np.float32)
    labels[:3, 0], labels[:50, 1] = 1, 1
    assert strongest(labels).sum(axis=0).tolist() == [3, 50]


def test_rows_of_a_group_are_drawn_together() -> None:
    """A value repeated ten times is one observation: its interval is that of a single one."""
    rng = np.random.default_rng(0)
    predicted = rng.normal(size=(60, 1)).astype(np.float32)
    actual = predicted + rng.normal(size=(60, 1)).astype(np.float32)
    single = agreement(predicted, actual)
    often = [np.repeat(side, 10, axis=0) for side in (predicted, actual)]
    together = agreement(*often, groups=np.repeat(np.arange(60), 10))
    apart = agreement(*often)

    def width(found: Agreement) -> float:
        return float(found.pearson.high[0] - found.pearson.low[0])

    assert width(together) == pytest.approx(width(single))
    assert width(apart) < width(together) / 2


def test_a_prediction_with_few_values_is_summed_to_what_sorting_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    predicted = rng.integers(0, 4, (300, 3)).astype(np.float32)
    actual = (predicted + rng.normal(size=(300, 3))).astype(np.float32)
    quick = agreement(predicted, actual).auprc
    monkeypatch.setattr(import_module("milan.statistics.agreement"), "_FEW_VALUES", 0)
    for one, other in zip(quick, agreement(predicted, actual).auprc, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
