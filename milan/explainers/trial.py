"""Held-out passages on which phrases are measured: some that drive a unit, and as many that do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Float32, Int64

from milan.explainers.language_model import LanguageModel
from milan.explainers.telling import detect, simulate
from milan.records import Figure, TextScores
from milan.statistics import average, correlation, separation

__all__ = ["FEWEST_PASSAGES", "Trial"]

FEWEST_PASSAGES = 4
"""Passages that must drive the unit for a figure to be stated."""
_LONGEST = 24
"""Words of a passage that are told of: the stretch in which the unit is strongest."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Words of some held-out passages, passage by passage, with a unit's activations."""

    rows: Int64[np.ndarray, " word"]
    """Which of the words that measure."""
    passage: Int64[np.ndarray, " word"]
    """The passage of each, from 0 without gaps."""
    active: Bool[np.ndarray, " passage"]
    """Whether it drives the unit."""
    words: tuple[str, ...]
    activations: Float32[np.ndarray, " word"]
    seed: int = 0

    @classmethod
    def of(
        cls,
        activations: Float32[np.ndarray, " held"],
        passage: Int64[np.ndarray, " held"],
        words: Sequence[str],
        threshold: float,
        n: int = 12,
        seed: int = 0,
    ) -> Self | None:
        """Choose among held-out words, whose passages are numbered from 0; None where too few drive the unit.

        Of the passages that reach the threshold the `n` strongest, and as many others, drawn.
        """
        starts = np.flatnonzero(np.diff(passage, prepend=-1))
        ends = np.append(starts[1:], len(passage))
        peaks = np.maximum.reduceat(activations, starts)
        strongest = np.argsort(-peaks, kind="stable")
        reach = strongest[peaks[strongest] >= threshold]
        quiet = np.sort(strongest[peaks[strongest] < threshold])
        n = min(n, len(reach), len(quiet))
        if n < FEWEST_PASSAGES:
            return None
        drawn = np.sort(np.random.default_rng(seed).choice(quiet, n, replace=False))
        chosen = [*reach[:n].tolist(), *drawn.tolist()]
        stretches = [_stretch(activations, int(starts[at]), int(ends[at])) for at in chosen]
        rows = np.concatenate([np.array(stretch, np.int64) for stretch in stretches])
        return cls(
            rows,
            np.repeat(np.arange(len(chosen)), [len(stretch) for stretch in stretches]),
            np.arange(len(chosen)) < n,
            tuple(words[row] for row in rows),
            activations[rows],
            seed,
        )

    @property
    def passages(self) -> list[tuple[str, ...]]:
        """The words of each passage."""
        cuts = np.flatnonzero(np.diff(self.passage)) + 1
        return [tuple(self.words[row] for row in part) for part in np.split(np.arange(len(self.rows)), cuts)]

    def score(self, model: LanguageModel, phrase: str) -> TextScores:
        """How well a model that knows the phrase alone tells these passages, and the words in them."""
        sure, guessed = detect(model, phrase, self.passages), simulate(model, phrase, self.passages)
        right = (sure > 0.5) == self.active
        return TextScores(
            detection=average(right.astype(np.float64), self.seed),  # of two equal halves: balanced
            auc=separation(sure[self.active], sure[~self.active], self.seed),
            simulation=self.followed_by(np.concatenate(guessed).astype(np.float32)),
        )

    def followed_by(self, predicted: Float32[np.ndarray, " word"]) -> Figure:
        """Correlation of a prediction with the unit over all words; the interval draws passages anew."""
        found = correlation(
            predicted[:, None], self.activations[:, None], seed=self.seed, groups=self.passage
        )
        return Figure(*(float(side[0]) for side in found))


def _stretch(activations: Float32[np.ndarray, " held"], start: int, end: int) -> range:
    """The words of a passage that are told of: not around the strongest one, whose place would be known."""
    first = start + int(activations[start:end].argmax()) // _LONGEST * _LONGEST
    return range(first, min(first + _LONGEST, end))
