import numpy as np
import pytest
import torch

from milan.statistics import QuantileCounts, ValueSample


def distance(values: torch.Tensor, level: float, q: float) -> float:
    below, at_most = float((values < level).double().mean()), float((values <= level).double().mean())
    return max(0.0, below - q, q - at_most)


def sample_of(values: torch.Tensor, every: int) -> ValueSample:
    """One of so many values of each unit."""
    part = values[:, ::every].T.numpy()
    sample = ValueSample(np.arange(1), len(part), len(values))
    sample.add(np.arange(1), part[None])
    return sample


@pytest.mark.parametrize("q", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_the_level_cuts_off_the_asked_share(scale: float, q: float) -> None:
    values = torch.randn((1, 200_000), generator=torch.Generator().manual_seed(1)) * scale
    counts = QuantileCounts(1)
    counts.add([values])
    assert distance(values, float(counts.quantile(q)[0]), q) < 5e-4


def test_a_unit_that_is_mostly_zero_has_threshold_zero_exactly() -> None:
    values = torch.zeros((1, 1000))
    values[0, :5] = 3.0
    counts = QuantileCounts(1)
    counts.add([values])
    assert counts.quantile(0.99).tolist() == [0.0]


def test_units_behind_a_relu_are_counted_as_any_other() -> None:
    values = torch.randn((20, 40_000), generator=torch.Generator().manual_seed(2)).relu()
    alone, mixed = QuantileCounts(20), QuantileCounts(21)
    alone.add([values])
    mixed.add([torch.cat([values, -values[:1] - 1])])
    assert (alone.counts == mixed.counts[:20]).all()


def test_pieces_of_any_stride_count_each_value_once() -> None:
    maps = torch.randn((2, 12, 12), generator=torch.Generator().manual_seed(4))
    whole, lattices = QuantileCounts(2), QuantileCounts(2)
    whole.add([maps])
    lattices.add([maps[:, row::3, column::4] for row in range(3) for column in range(4)])
    assert (whole.counts == lattices.counts).all()
    assert whole.counts.sum() == maps.numel()


def test_refused_pieces_do_not_count() -> None:
    pieces = [torch.full((2, 3), torch.nan), torch.ones((2, 3))]
    counts = QuantileCounts(2)
    counts.add(pieces, keep=torch.tensor([[False, True], [False, False]]))
    assert counts.counts.sum(axis=1).tolist() == [3, 0]
    assert counts.quantile(0.99)[1] == 0


def test_values_beyond_the_grid_fall_into_its_outermost_buckets() -> None:
    counts = QuantileCounts(1)
    counts.add([torch.tensor([[-1e30, -1e-30, 0.0, 1e-30, 1e30]])])
    assert np.flatnonzero(counts.counts[0]).tolist() == [0, 2560, 5120]
    assert counts.counts[0, 2560] == 3


def test_few_values_wait_and_are_counted_when_asked() -> None:
    counts = QuantileCounts(1)
    for value in range(1, 101):
        counts.add([torch.tensor([[float(value)]])])
    assert counts.counts.sum() == 100
    assert counts.quantile(0.5)[0] == pytest.approx(50, abs=1)


@pytest.mark.parametrize("q", [0.01, 0.3, 0.99])
@pytest.mark.parametrize("share", [0.002, 0.005, 0.015])
def test_a_level_in_a_spike_is_the_very_float_that_repeats(q: float, share: float) -> None:
    generator = torch.Generator().manual_seed(6)
    values = torch.randn((1, 400_000), generator=generator)
    spike = values.sort().values[0, round((q - share / 2) / (1 - share) * 400_000)]  # q lies in its middle
    values[0, torch.randperm(400_000, generator=generator)[: round(share * 400_000)]] = spike
    counts = QuantileCounts(1)
    counts.add([values])
    level = counts.quantile(q, sample_of(values, every=7))
    assert level[0] == spike.item()
    assert distance(values, float(level[0]), q) == 0


def test_levels_beside_spikes_cut_off_the_asked_share() -> None:
    q, generator = 0.99, torch.Generator().manual_seed(7)
    values = torch.randn((40, 200_000), generator=generator)
    ordered = values.sort().values
    for unit, place in enumerate(torch.linspace(0.98, 0.998, 40).tolist()):
        values[unit, torch.randperm(200_000, generator=generator)[:800]] = ordered[unit, int(place * 200_000)]
    counts = QuantileCounts(40)
    counts.add([values])
    plain, moved = counts.quantile(q), counts.quantile(q, sample_of(values, every=4))
    assert max(distance(values[unit], float(plain[unit]), q) for unit in range(40)) > 1e-3
    assert max(distance(values[unit], float(moved[unit]), q) for unit in range(40)) < 5e-4


def test_a_sample_that_holds_nothing_finite_leaves_levels_as_they_are() -> None:
    values = torch.randn((2, 1000), generator=torch.Generator().manual_seed(8))
    counts = QuantileCounts(2)
    counts.add([values])
    nothing = sample_of(torch.full((2, 50), torch.nan), every=1)
    assert (counts.quantile(0.9, nothing) == counts.quantile(0.9)).all()
    unseen = ValueSample(np.arange(3), 5, 2)
    assert (counts.quantile(0.9, unseen) == counts.quantile(0.9)).all()


def test_a_unit_of_few_floats_gets_one_of_them() -> None:
    values = torch.randn((3, 50_000), generator=torch.Generator().manual_seed(9)).mul(2).round() / 3
    counts = QuantileCounts(3)
    counts.add([values])
    for q in (0.02, 0.5, 0.99):
        levels = counts.quantile(q, sample_of(values, every=5))
        assert [distance(values[unit], float(levels[unit]), q) for unit in range(3)] == [0, 0, 0]
