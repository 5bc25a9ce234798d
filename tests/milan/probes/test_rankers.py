"""Every way to rank finds planted units first and dead ones last, whatever their scale."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from milan.errors import DataError, UnknownName
from milan.probes import RANKERS, ElasticNet, Labelled, Planted, average_precision, ranker
from milan.probes.moments import ClassMoments, class_mean_z, gaussian, probeless


@pytest.mark.parametrize("name", RANKERS)
def test_planted_units_come_first_and_dead_ones_last(name: str, planted: Planted, tokens: Labelled) -> None:
    found = ranker(name)(tokens)
    assert np.isin(found.ranking.order[:20], planted.units).sum() >= 17
    assert found.ranking.places[planted.dead].min() > found.ranking.places[planted.units].max()
    assert found.ranking.places[planted.dead].min() >= found.ranking.n_ranked
    assert (found.scores >= 0).all()
    assert not found.scores[:, planted.dead].any()


@pytest.mark.parametrize("name", RANKERS)
def test_a_units_class_is_the_one_it_was_planted_for(name: str, planted: Planted, tokens: Labelled) -> None:
    scores = ranker(name)(tokens).scores / np.sqrt(np.bincount(tokens.labels))[:, None] ** (
        name == "class_mean_z"
    )
    said = scores[:, planted.units].argmax(0)
    assert (said == planted.classes).mean() >= 0.8


@pytest.mark.parametrize("name", RANKERS)
def test_a_unit_in_other_measures_keeps_its_place(name: str, tokens: Labelled) -> None:
    factor = np.exp(np.random.default_rng(1).uniform(-3, 3, tokens.n_units)).astype(np.float32)
    order = ranker(name)(tokens).ranking.order[:20]
    again = ranker(name)(Labelled(tokens.matrix * factor, tokens.labels, 4)).ranking.order[:20]
    assert np.array_equal(order, again)


@pytest.mark.parametrize("lowest", [False, True])
def test_average_precision_is_scikit_learns_with_ties_and_without(tokens: Labelled, lowest: bool) -> None:
    few = tokens.of(np.arange(12))
    few.matrix[:, 3] = np.round(few.matrix[:, 3])
    few.matrix[:, 4] = 0
    few.matrix[:, 5] = np.where(few.matrix[:, 5] > 0, few.matrix[:, 5], -0.0)
    found = average_precision(few, lowest=lowest)
    for label in range(4):
        for unit in range(12):
            expected = average_precision_score(few.labels == label, few.matrix[:, unit] * (1 - 2 * lowest))
            assert found[label, unit] == pytest.approx(expected, abs=1e-12)


def test_moments_are_those_of_the_classes(tokens: Labelled) -> None:
    found = ClassMoments.of(tokens)
    units = (tokens.matrix - tokens.matrix.mean(0)) / np.where(
        tokens.matrix.std(0) > 0, tokens.matrix.std(0), 1
    )
    own, rest = units[tokens.labels == 2], units[tokens.labels != 2]
    np.testing.assert_allclose(found.mean[2], own.mean(0), atol=1e-5)
    np.testing.assert_allclose(found.variance[2], own.var(0), atol=1e-4)
    np.testing.assert_allclose(found.of_others()[0][2], rest.mean(0), atol=1e-5)
    np.testing.assert_allclose(found.of_others()[1][2], rest.var(0), atol=1e-4)


def test_scores_are_their_formulas(tokens: Labelled) -> None:
    moments = ClassMoments.of(tokens)
    n, share = len(tokens), moments.count / len(tokens)
    unit, mean = 7, moments.mean[:, 7]
    assert probeless(moments)[1, unit] == pytest.approx(np.abs(mean[1] - mean).sum())
    z = np.abs(mean[1]) * np.sqrt(n * share[1] / (1 - share[1]))
    assert class_mean_z(moments)[1, unit] == pytest.approx(z, rel=1e-3)
    mean_rest, variance_rest = (side[1, unit] for side in moments.of_others())
    units = ClassMoments.of(tokens)
    expected = -0.5 * (share[1] * np.log(units.variance[1, unit]) + (1 - share[1]) * np.log(variance_rest))
    assert gaussian(moments)[1, unit] == pytest.approx(expected, abs=1e-4)
    assert mean_rest == pytest.approx(-share[1] * mean[1] / (1 - share[1]), abs=1e-5)


def test_an_unknown_ranker_and_a_class_without_tokens_are_refused(tokens: Labelled) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'gaussian'"):
        ranker("gausian")
    with pytest.raises(DataError, match="class 4 has no token"):
        average_precision(Labelled(tokens.matrix, tokens.labels, 5))
    assert ranker("lca", ElasticNet(10))(tokens).ranking.n_ranked == 0
