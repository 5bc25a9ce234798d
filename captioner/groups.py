"""Draws what a unit's evidence looks like: up to fifteen regions that share a phrase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int64

from captioner.samples import Sample

__all__ = ["Draw", "Group", "PhraseIndex"]

Indices = Int64[np.ndarray, " index"]


class Draw(NamedTuple):
    """Pairs of a region and a phrase that is true of it."""

    rows: Indices
    phrases: Indices


class Group(NamedTuple):
    """Regions that share a phrase; `rows` may hold a few that do not."""

    rows: Indices
    phrase: int


@dataclass(frozen=True, slots=True, eq=False)
class PhraseIndex:
    """Which regions each phrase is true of.

    Pairs are drawn with weight 1/sqrt(how often the phrase occurs), times the weight of the region's kind:
    a phrase of 10,000 regions is met a hundred times as often as one of a single region, not 10,000 times.
    """

    phrases: tuple[str, ...]
    pair_rows: Indices
    pair_phrases: Indices
    weights: Float32[np.ndarray, " pair"]
    """Adds up to 1."""
    rows_of: tuple[Indices, ...]
    """Regions of each phrase."""

    @classmethod
    def of(cls, samples: Sequence[Sample], kind_weights: Mapping[str, float] | None = None) -> "PhraseIndex":
        """Index samples; kinds that are not named weigh 1."""
        number: dict[str, int] = {}
        pairs = [
            (row, number.setdefault(phrase, len(number)))
            for row, sample in enumerate(samples)
            for phrase in sample.phrases
        ]
        rows, phrases = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        of_kind = kind_weights or {}
        weights = np.array([of_kind.get(samples[row].kind, 1.0) for row in rows])
        weights /= np.sqrt(np.bincount(phrases))[phrases]
        order = np.argsort(phrases, kind="stable")
        rows_of = np.split(rows[order], np.cumsum(np.bincount(phrases))[:-1])
        return cls(tuple(number), rows, phrases, (weights / weights.sum()).astype(np.float32), tuple(rows_of))

    def draw(self, random: np.random.Generator, n: int) -> Draw:
        """n pairs, with replacement."""
        chosen = self._choose(random, n)
        return Draw(self.pair_rows[chosen], self.pair_phrases[chosen])

    def groups(self, random: np.random.Generator, n: int, size: int, stray: float) -> list[Group]:
        """n groups of `size` regions; each region is a stray one with probability `stray`, never all of them.

        A phrase of fewer regions than `size` repeats them: the captioner learns that repetition is no
        evidence.
        """
        found: list[Group] = []
        for row, phrase in zip(*self.draw(random, n), strict=True):
            others = self.rows_of[phrase]
            rest = others[random.permutation(len(others))[: size - 1]]
            rows = np.resize(np.concatenate([[row], rest]), size)
            strays = random.random(size) < stray
            strays[0] = False
            rows[strays] = self.pair_rows[random.integers(len(self.pair_rows), size=int(strays.sum()))]
            found.append(Group(rows, int(phrase)))
        return found

    def _choose(self, random: np.random.Generator, n: int) -> Indices:
        # by the running sum: `Generator.choice` with weights walks all pairs anew each time
        ends = np.cumsum(self.weights, dtype=np.float64)
        chosen: Indices = np.searchsorted(ends, random.random(n) * ends[-1], side="right")
        return chosen
