import numpy as np

from milan.statistics import paired_difference, share

RNG = np.random.default_rng(0)


def test_a_share_lies_in_its_interval_which_narrows_with_more_images() -> None:
    few, many = (share(RNG.random(n) < 0.7) for n in (50, 5000))
    for figure in (few, many):
        assert figure.low < figure.value < figure.high
    assert few.high - few.low > 5 * (many.high - many.low)
    assert abs(many.high - many.low - 2 * 1.96 * np.sqrt(0.21 / 5000)) < 0.003


def test_a_difference_on_the_same_images_is_surer_than_the_shares_are() -> None:
    one = RNG.random(500) < 0.6
    other = one.copy()
    other[:25] = ~other[:25]
    paired = paired_difference(one, other)
    assert paired.high - paired.low < share(one).high - share(one).low
    assert paired.value == one.mean() - other.mean()


def test_repetitions_that_disagree_widen_the_interval() -> None:
    edit = np.ones(400, bool)
    alike = RNG.random((5, 400)) < 0.5
    unlike = RNG.random((5, 400)) < np.array([0.1, 0.3, 0.5, 0.7, 0.9])[:, None]
    narrow, wide = (paired_difference(edit, control) for control in (alike, unlike))
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_nothing_differs_from_itself() -> None:
    same = RNG.random(100) < 0.4
    assert tuple(paired_difference(same, same)) == (0, 0, 0)
