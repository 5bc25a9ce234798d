import torch

from milan.statistics import TopK


def test_equal_peaks_go_to_the_earlier_image_whatever_the_order_of_work() -> None:
    top = TopK(1, 2)
    top.add(torch.tensor([[1.0, 1.0]]), torch.tensor([9, 4]))
    top.add(torch.tensor([[1.0]]), torch.tensor([2]))
    assert top.ranked().images.tolist() == [[2, 4]]


def test_negative_peaks_rank_below_zero_and_above_nothing() -> None:
    top = TopK(1, 3)
    top.add(torch.tensor([[-2.0, -1e-30, -torch.inf]]), torch.tensor([0, 1, 2]))
    ranked = top.ranked()
    assert ranked.images.tolist() == [[1, 0, -1]]
    assert ranked.peaks.tolist() == [[float(torch.tensor(-1e-30)), -2.0, -torch.inf]]


def test_minus_zero_ties_with_zero() -> None:
    top = TopK(1, 2)
    top.add(torch.tensor([[-0.0, 0.0]]), torch.tensor([0, 1]))
    assert top.ranked().images.tolist() == [[0, 1]]


def test_peaks_that_are_not_finite_never_enter() -> None:
    top = TopK(1, 3)
    entered = top.add(torch.tensor([[torch.nan, torch.inf, 1.0]]), torch.tensor([0, 1, 2]))
    assert entered.columns.tolist() == [2]
    assert top.ranked().images.tolist() == [[2, -1, -1]]


def test_it_agrees_with_a_stable_sort_of_everything() -> None:
    peaks = torch.randn((5, 300), generator=torch.Generator().manual_seed(3)).mul(4).round()
    top = TopK(5, 7)
    for first in range(0, 300, 32):
        part = torch.arange(first, min(first + 32, 300))
        top.add(peaks[:, part], part)
    expected = peaks.sort(dim=1, descending=True, stable=True)
    assert top.ranked().images.tolist() == expected.indices[:, :7].tolist()
    assert top.ranked().peaks.tolist() == expected.values[:, :7].tolist()


def test_what_belongs_to_an_image_finds_its_slot() -> None:
    generator = torch.Generator().manual_seed(5)
    top, kept = TopK(4, 3), torch.full((4, 3), -1)
    for batch in range(20):
        images = torch.arange(8) + 8 * batch
        entered = top.add(torch.randn((4, 8), generator=generator), images)
        kept[entered.units, entered.slots] = images[entered.columns]
    ranked = top.ranked()
    assert kept.gather(1, torch.from_numpy(ranked.slots)).tolist() == ranked.images.tolist()
