"""Rankings are held against permuted labels and against tokens drawn anew."""

import numpy as np
import pytest

from milan.errors import BadSetting, DataError
from milan.probes import (
    ElasticNet,
    Labelled,
    Planted,
    Probe,
    classes_with_signal,
    permutation_null,
    rank_interval,
    ranker,
)


@pytest.mark.parametrize("name", ["lca", "class_mean_z", "gaussian"])
def test_planted_units_are_found_at_the_stated_rate(name: str, planted: Planted, tokens: Labelled) -> None:
    chosen = ranker(name, ElasticNet(0.01))
    null = permutation_null(chosen, tokens)
    found = np.flatnonzero(null.false_discovery(chosen(tokens).scores) <= 0.05)
    assert len(found) >= 18
    assert np.isin(found, planted.units).mean() > 0.85


def test_permuted_labels_find_nothing(tokens: Labelled) -> None:
    chosen = ranker("class_mean_z")
    null = permutation_null(chosen, tokens, repeats=40)
    rng = np.random.default_rng(100)
    n_found = [
        (null.false_discovery(chosen(tokens.labelled(rng.permutation(tokens.labels))).scores) <= 0.05).any()
        for _ in range(20)
    ]
    assert sum(n_found) <= 2


def test_a_unit_that_scores_nothing_has_chance_1(tokens: Labelled) -> None:
    null = permutation_null(ranker("class_mean_z"), tokens)
    assert (null.chance(np.zeros((4, tokens.n_units))) == 1).all()
    assert null.chance(np.full((4, 1), 1e6))[0] == pytest.approx(1 / (20 * tokens.n_units + 1))


def test_few_permutations_are_refused(tokens: Labelled) -> None:
    with pytest.raises(BadSetting, match="19 permutations find nothing"):
        permutation_null(ranker("class_mean_z"), tokens, repeats=19)


def test_a_strong_unit_keeps_its_place_in_narrower_bounds_than_noise(
    planted: Planted, tokens: Labelled
) -> None:
    chosen = ranker("class_mean_z")
    found = rank_interval(chosen, tokens, draws=30)
    order = chosen(tokens).ranking.order
    width = found.high - found.low
    assert (found.low <= found.high).all()
    assert width[order[:5]].max() < 20 < np.median(width[order[30:100]])
    sentences = rank_interval(chosen, tokens, groups=np.arange(len(tokens)) // 8, draws=30)
    assert (sentences.high - sentences.low)[order[:5]].max() < 25


def test_the_same_seed_gives_the_same_interval_and_null(tokens: Labelled) -> None:
    chosen = ranker("class_mean_z")
    first, second = (rank_interval(chosen, tokens, draws=5, seed=3) for _ in range(2))
    assert np.array_equal(first.low, second.low)
    one, other = (permutation_null(chosen, tokens, seed=3) for _ in range(2))
    assert np.array_equal(one.strongest, other.strongest)


def test_a_class_in_a_single_sentence_has_no_interval(tokens: Labelled) -> None:
    labels, groups = tokens.labels.copy(), np.arange(len(tokens)) // 400
    labels[[0, 400, 800]] = 4, 5, 6
    with pytest.raises(DataError, match="draws lack it"):
        rank_interval(ranker("class_mean_z"), Labelled(tokens.matrix, labels, 7), groups=groups, draws=40)


def test_a_class_of_chance_has_no_signal_and_the_others_have(tokens: Labelled) -> None:
    rng = np.random.default_rng(1)  # the seed of the planted labels would give them away
    labels = np.where(rng.random(len(tokens)) < 0.2, 4, tokens.labels)
    mixed = Labelled(tokens.matrix, labels, 5)
    probe = Probe.train(mixed.at(np.arange(1000)), ElasticNet(0.004))
    found = classes_with_signal(probe, mixed.at(np.arange(1000, 1600)))
    assert found.tolist() == [True] * 4 + [False]
    assert probe.weights[4].any(), "though it has weights"
