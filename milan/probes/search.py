"""Choosing the strength of the elastic net on held-out tokens."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from milan.errors import BadSetting
from milan.probes.elastic_net import ElasticNet
from milan.probes.labelled import Labelled
from milan.probes.probe import Probe
from milan.records import Figure
from milan.statistics.paired import share

__all__ = ["Tried", "search_penalty"]

_STRENGTHS = (0.024, 0.012, 0.006, 0.003, 0.0015)


class Tried(NamedTuple):
    """One penalty, on tokens that the probe did not learn from."""

    penalty: ElasticNet
    accuracy: Figure
    n_units: int
    """Units with any weight."""


def search_penalty(
    tokens: Labelled,
    held_out: Labelled,
    *,
    l1: Sequence[float] = _STRENGTHS,
    l2: float = 0.2,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ElasticNet, list[Tried]]:
    """The strongest l1 that is not surely worse than the best, and all that were tried, strongest first.

    Not surely worse: within the lower end of the best one's 95 % interval, so that the fewest units carry
    the weight at next to no cost in accuracy. `held_out` is apart from what figures are reported on.
    """
    if not l1:
        raise BadSetting("a search needs one strength of l1 at least")
    tried: list[Tried] = []
    probe: Probe | None = None
    for number, strength in enumerate(sorted(l1, reverse=True), 1):
        probe = Probe.train(tokens, ElasticNet(strength, l2), start=probe)
        tried.append(Tried(probe.penalty, share(probe.right(held_out)), int(probe.weights.any(0).sum())))
        if progress is not None:
            progress(number, len(l1))
    best = max(tried, key=lambda one: one.accuracy.value)
    return next(one for one in tried if one.accuracy.value >= best.accuracy.low).penalty, tried
