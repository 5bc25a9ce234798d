"""Histograms of activations."""

import numpy as np
import pytest
import torch

from milan.records import N_BINS, Histogram, Histograms
from milan.statistics import QuantileCounts

VALUES = np.float32([[0, 7, np.nan], [2, 7, np.inf], [0.5, 7, np.nan], [0, 7, -np.inf]])


def test_every_finite_value_is_counted_where_it_lies() -> None:
    spread, flat, nothing = (Histograms.of(VALUES).of_unit(unit) for unit in range(3))
    assert spread is not None
    assert flat is not None
    assert (spread.low, spread.high, spread.counts[0], spread.counts[8], spread.counts[-1]) == (0, 2, 2, 1, 1)
    assert (flat.low, flat.high, sum(flat.counts)) == (7, 7, 4)
    assert nothing is None


def test_levels_beyond_the_range_belong_to_its_ends() -> None:
    histogram = Histogram(-1, 1, (5,) + (0,) * (N_BINS - 1))
    assert [histogram.bin_of(level) for level in (-9, -1, 0, 1, 9)] == [0, 0, 16, 31, 31]
    assert Histogram(3, 3, (4, 0)).bin_of(3) == 0


def test_heights_are_logarithms_of_counts_and_the_tallest_is_one() -> None:
    assert Histogram(0, 1, (0, 1, 3)).heights == pytest.approx((0, 0.5, 1))
    assert Histogram(0, 1, (0, 0)).heights == (0, 0)


def test_groups_of_units_are_joined() -> None:
    both = Histograms.joined([Histograms.of(VALUES[:, :1]), Histograms.of(VALUES[:, 1:])])
    np.testing.assert_array_equal(both.counts, Histograms.of(VALUES).counts)


def test_counts_on_the_floats_grid_give_the_same_histogram_but_at_the_borders_of_bins() -> None:
    values = np.random.default_rng(0).gamma(1, 1, (4000, 3)).astype(np.float32)
    counts = QuantileCounts(3)
    counts.add([torch.from_numpy(values.T.copy())])
    found = counts.histograms(values.min(0), values.max(0))
    truth = Histograms.of(values)
    np.testing.assert_array_equal(found.counts.sum(1), truth.counts.sum(1))
    assert np.abs(found.counts - truth.counts).sum() < 0.05 * values.size
