"""Whether a ranking is right: what a probe does with its first units, its last ones, and random ones."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from milan.errors import BadSetting
from milan.probes.labelled import Labelled
from milan.probes.probe import Probe
from milan.probes.ranking import Ranking
from milan.records import Figure
from milan.statistics.paired import paired_difference, share

__all__ = ["Kept", "Smallest", "Split", "masking_table", "smallest_set"]

Which = Literal["top", "random", "bottom"]


class Split(NamedTuple):
    """Tokens to learn from and tokens to measure on."""

    train: Labelled
    test: Labelled


class Kept(NamedTuple):
    """A probe with some of its units."""

    which: Which
    n_units: int
    masked: Figure
    """Accuracy of the trained probe when all other units are held at their mean."""
    over_random: Figure
    """The same less that of as many random units, token by token; 0 for these."""
    retrained: Figure | None
    """Accuracy of a probe trained on the kept units alone; None when not asked for."""


def masking_table(
    probe: Probe,
    ranking: Ranking,
    split: Split,
    *,
    shares: Sequence[float] = (0.10, 0.15, 0.20),
    retrain: bool = False,
    n_random: int = 5,
    seed: int = 0,
) -> list[Kept]:
    """Keep the first, the last and random units, a share of all at a time (Dalvi et al., AAAI 2019).

    The last ones are the very last of the order. Random units are drawn `n_random` times; intervals are over
    test tokens drawn anew, and over the draws. BadSetting for a share that keeps no unit.
    """
    n_units = len(ranking.order)
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(n_units) for _ in range(n_random)]
    table = []
    for part in shares:
        n = round(part * n_units)
        if not 0 < n <= n_units:
            raise BadSetting(f"a share of {part} keeps {n} of {n_units} units: give one above 0, at most 1")
        sets: dict[Which, list[Int64[np.ndarray, " kept"]]] = {
            "top": [ranking.order[:n]],
            "random": [order[:n] for order in drawn],
            "bottom": [ranking.order[-n:]],
        }
        right = {which: np.stack([_masked(probe, units, split) for units in sets[which]]) for which in sets}
        for which, units_of in sets.items():
            again = np.stack([_retrained(probe, units, split) for units in units_of]) if retrain else None
            table.append(
                Kept(
                    which,
                    n,
                    share(right[which], seed),
                    Figure(0, 0, 0)
                    if which == "random"
                    else paired_difference(right[which], right["random"], seed),
                    None if again is None else share(again, seed),
                )
            )
    return table


class Smallest(NamedTuple):
    """The first units of an order that do as well as all of them."""

    n_units: int
    accuracy: Figure
    of_all: Figure


def smallest_set(
    probe: Probe,
    ranking: Ranking,
    split: Split,
    *,
    loss: float = 0.01,
    progress: Callable[[int], None] | None = None,
) -> Smallest:
    """The fewest first units on which a probe trained anew loses at most `loss` in accuracy.

    Sizes are halved and bisected, so a smaller set may do by luck. Chosen on `split.test`: report its
    accuracy on other tokens.
    """
    right_of_all = probe.right(split.test)
    wanted = right_of_all.mean() - loss
    low, high = 0, len(ranking.order)  # `low` is too few, `high` is enough
    best = right_of_all
    while high - low > max(1, high // 20):
        middle = high // 2 if low == 0 else (low + high) // 2
        right = _retrained(probe, ranking.order[:middle], split)
        if right.mean() >= wanted:
            high, best = middle, right
        else:
            low = middle
        if progress is not None:
            progress(middle)
    return Smallest(high, share(best), share(right_of_all))


def _masked(probe: Probe, units: Int64[np.ndarray, " kept"], split: Split) -> Bool[np.ndarray, " other"]:
    kept = np.zeros(probe.weights.shape[1], np.bool_)
    kept[units] = True
    return probe.right(split.test, kept)


def _retrained(probe: Probe, units: Int64[np.ndarray, " kept"], split: Split) -> Bool[np.ndarray, " other"]:
    return Probe.train(split.train.of(units), probe.penalty).right(split.test.of(units))
