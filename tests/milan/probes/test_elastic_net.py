"""The probe's minimum is the minimum, by another library and by its own conditions."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from milan.errors import BadSetting, DataError
from milan.probes import ElasticNet, Labelled, Probe, Split


def test_weights_are_scikit_learns_for_the_published_penalty(split: Split) -> None:
    few = split.train.of(np.arange(30))
    l1, l2 = 0.01, 0.02
    probe = Probe.train(few, ElasticNet(l1, l2, balanced=False))
    both = l1 + 2 * l2
    theirs = LogisticRegression(
        solver="saga", l1_ratio=l1 / both, C=1 / (both * len(few)), tol=1e-6, max_iter=2000
    ).fit(probe.standard.apply(few.matrix), few.labels)
    weights, bias = probe.fitted
    np.testing.assert_allclose(weights, theirs.coef_, atol=2e-3)
    assert np.array_equal(weights == 0, np.abs(theirs.coef_) < 1e-6)
    np.testing.assert_allclose(bias - bias.mean(), theirs.intercept_ - theirs.intercept_.mean(), atol=2e-3)


@pytest.mark.parametrize("penalty", [ElasticNet(), ElasticNet(0.02, 0), ElasticNet(0, 0.05)])
def test_no_unit_left_out_would_lower_the_loss(split: Split, penalty: ElasticNet) -> None:
    probe = Probe.train(split.train, penalty)
    units, labels = probe.standard.apply(split.train.matrix), split.train.labels
    weights = probe.fitted.of_units
    scores = probe.fitted.scores(units)
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    slope = (chances - np.eye(4)[labels]).T @ units / len(units) + 2 * penalty.l2 * weights
    l1 = penalty.of_classes(np.bincount(labels) / len(labels))
    still = weights == 0
    slack = 0.03 * l1 + 1e-4
    assert (np.abs(slope) <= l1 + slack)[still].all()
    assert (np.abs(slope + l1 * np.sign(weights)) <= slack)[~still].all()


def test_weights_do_not_depend_on_a_units_scale_or_offset(split: Split) -> None:
    rng = np.random.default_rng(0)
    factor = np.exp(rng.uniform(-3, 3, split.train.n_units)).astype(np.float32)
    other = Labelled(split.train.matrix * factor + 3 * factor, split.train.labels, 4)
    np.testing.assert_allclose(Probe.train(other).weights, Probe.train(split.train).weights, atol=1e-4)


def test_a_start_nearby_ends_at_the_same_minimum(split: Split) -> None:
    cold = Probe.train(split.train, ElasticNet(0.004))
    warm = Probe.train(split.train, ElasticNet(0.004), start=Probe.train(split.train, ElasticNet(0.02)))
    np.testing.assert_allclose(warm.fitted.of_units, cold.fitted.of_units, atol=2e-3)


def test_chance_gives_rare_and_frequent_classes_as_many_units() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(3000) < 0.06).astype(np.int64) + 2 * (rng.random(3000) < 0.45)
    noise = Labelled(rng.normal(size=(3000, 400)), labels, 4)
    l1 = 0.012
    n_units = {
        balanced: (Probe.train(noise, ElasticNet(l1, balanced=balanced)).weights != 0).sum(1)
        for balanced in (True, False)
    }
    assert n_units[False].max() > 8 * max(1, n_units[False].min())
    assert n_units[True].max() < 4 * n_units[True].min()


def test_predictions_come_from_the_chosen_units_fitted_once_more(split: Split) -> None:
    probe = Probe.train(split.train, ElasticNet(0.02, 0.3))
    assert np.array_equal(probe.refitted.of_units.any(0), probe.weights.any(0))
    assert 5 < probe.weights.any(0).sum() < 60
    shrunk = probe.fitted.scores(probe.standard.apply(split.test.matrix)).argmax(1) == split.test.labels
    assert probe.right(split.test).mean() > shrunk.mean() + 0.1


def test_a_constant_unit_has_no_weight_and_tokens_get_their_class(split: Split) -> None:
    constant = np.ptp(split.train.matrix, axis=0) == 0
    assert constant.sum() == 4
    probe = Probe.train(split.train)
    assert not probe.weights[:, constant].any()
    assert probe.right(split.test).mean() > 0.65
    nothing = np.zeros(split.train.n_units, bool)
    assert len(set(probe.predict(split.test.matrix, nothing))) == 1


def test_bad_input_is_said_in_one_line(split: Split) -> None:
    matrix, labels = split.train.matrix, split.train.labels
    with pytest.raises(DataError, match="1199 labels: give each row one"):
        Labelled(matrix, labels[1:], 4)
    with pytest.raises(DataError, match="labels are 0 to 2, got 0 to 3"):
        Labelled(matrix, labels, 3)
    with pytest.raises(DataError, match="two classes apart"):
        Labelled(matrix, labels * 0, 1)
    with pytest.raises(DataError, match="class 4 has no token to learn from"):
        Probe.train(Labelled(matrix, labels, 5))
    broken = matrix.copy()
    broken[1100, 7] = np.nan
    with pytest.raises(DataError, match="token 1100 has the activation nan in unit 7"):
        Probe.train(Labelled(broken, labels, 4))
    with pytest.raises(BadSetting, match="0 or more, not both 0"):
        Probe.train(split.train, ElasticNet(0, 0))
