"""Figures of a whole text, made of counts that are summed over its sentences, with 95 % intervals.

BLEU, perplexity and accuracy are no means over sentences: each is a function of sums. Sentences are drawn
anew, and their counts summed again (Koehn, 2004).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from milan.records import Figure

__all__ = ["CorpusCounts", "Score", "corpus_difference", "corpus_figure"]

_DRAWS = 1000

Score = Callable[[Float[np.ndarray, " count"]], float]
"""From counts summed over sentences to the figure."""


@dataclass(frozen=True, slots=True, eq=False)
class CorpusCounts:
    """What each sentence adds."""

    counts: Float[np.ndarray, "repeat sentence count"]
    """One repeat, or several outcomes on the same sentences (random draws)."""
    score: Score


def corpus_figure(of: CorpusCounts, seed: int = 0) -> Figure:
    """The figure, averaged over repeats; its interval is over sentences drawn anew, and over repeats."""
    return _interval(of, None, seed)


def corpus_difference(first: CorpusCounts, second: CorpusCounts, seed: int = 0) -> Figure:
    """How much more the first figure is than the second, on the same sentences, drawn anew together."""
    return _interval(first, second, seed)


def _interval(first: CorpusCounts, second: CorpusCounts | None, seed: int) -> Figure:
    rng = np.random.default_rng(seed)
    n = first.counts.shape[1]
    sides = [first] if second is None else [first, second]
    signs = (1.0, -1.0)
    drawn = np.zeros(_DRAWS)
    for draw in range(_DRAWS):
        times = rng.multinomial(n, np.full(n, 1 / n)).astype(np.float64)
        for side, sign in zip(sides, signs, strict=False):
            repeats = rng.integers(0, len(side.counts), len(side.counts))
            drawn[draw] += sign * _mean(side, repeats.tolist(), times)
    value = sum(
        sign * _mean(side, range(len(side.counts)), np.ones(n))
        for side, sign in zip(sides, signs, strict=False)
    )
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(value), float(low), float(high))


def _mean(side: CorpusCounts, repeats: "list[int] | range", times: Float[np.ndarray, " sentence"]) -> float:
    known: dict[int, float] = {}
    for repeat in repeats:
        if repeat not in known:
            known[repeat] = side.score(times @ side.counts[repeat])
    return sum(known[repeat] for repeat in repeats) / len(repeats)
