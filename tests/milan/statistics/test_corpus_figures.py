import numpy as np
import pytest

from milan.statistics.corpus import CorpusCounts, corpus_difference, corpus_figure


def share(sums):
    return float(sums[0] / sums[1])


def counts_of(right, total):
    return CorpusCounts(np.stack([right, total], -1)[None].astype(float), share)


def test_the_figure_is_of_the_sums_and_no_mean_over_sentences():
    assert corpus_figure(counts_of(np.array([1, 9]), np.array([1, 18]))).value == pytest.approx(10 / 19)


def test_the_interval_covers_the_truth_about_19_times_in_20():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(100):
        total = rng.integers(1, 20, 80)
        figure = corpus_figure(counts_of(rng.binomial(total, 0.3), total))
        covered += figure.low <= 0.3 <= figure.high
    assert covered >= 88


def test_a_difference_on_the_same_sentences_is_surer_than_the_figures():
    rng = np.random.default_rng(1)
    total = np.full(100, 10)
    first = rng.binomial(10, rng.uniform(0, 1, 100))
    second = np.maximum(first - 1, 0)
    gain = corpus_difference(counts_of(first, total), counts_of(second, total))
    alone = corpus_figure(counts_of(first, total))
    assert gain.low > 0
    assert gain.high - gain.low < (alone.high - alone.low) / 2


def test_repeats_are_averaged_over_and_drawn_anew():
    total = np.full(50, 10)
    repeats = np.stack([np.stack([np.full(50, n), total], -1) for n in (2, 8)]).astype(float)
    figure = corpus_figure(CorpusCounts(repeats, share))
    assert figure.value == pytest.approx(0.5)
    assert figure.low == pytest.approx(0.2)
    assert figure.high == pytest.approx(0.8)
