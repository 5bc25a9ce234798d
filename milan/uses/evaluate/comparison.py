"""A layer's descriptions beside words that know little or nothing of its units, through the same eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from milan.records import LayerEvaluation, Predictor, SilenceLevel, WordsOf
from milan.statistics import average, separation
from milan.uses.evaluate.baselines import most_frequent, shuffled
from milan.uses.evaluate.options import EvaluateOptions
from milan.uses.evaluate.prediction import RIVALS, Correlations, Trial

__all__ = ["Phrases", "compared"]

_SHARES = (0.05, 0.1, 0.2)

Phrases = Mapping[int, str]
"""By a unit's place in the trial; units that are not there have no such words."""


def compared(
    stated: LayerEvaluation,
    phrases: Sequence[str],
    rivals: Mapping[WordsOf, Phrases],
    trial: Trial,
    options: EvaluateOptions,
) -> LayerEvaluation:
    """Add to what is stated all that asks for pictures, or for words with their activations.

    `rivals` are words of other descriptions of the same units; the baselines made of the phrases themselves
    (most frequent, constant, shuffled) are added here.
    """
    seed = options.seed
    rng = np.random.default_rng(seed)
    others = {unit: other for unit, other in enumerate(shuffled(phrases, rng)) if other is not None}
    for_all = {WordsOf.MOST_FREQUENT: most_frequent(phrases), WordsOf.CONSTANT: options.constant}
    found = {words: trial.of(own) for words, own in rivals.items() if own}
    found |= {words: trial.of_one(phrase) for words, phrase in for_all.items()}
    if others:
        found[WordsOf.SHUFFLED] = trial.of(others)
    rows = (_row(words, own, for_all.get(words), seed) for words, own in found.items())
    right = trial.of(dict(enumerate(phrases))).mean
    wrong = found[WordsOf.SHUFFLED].mean if others else None
    return replace(
        stated,
        predictors=(*stated.predictors, *rows),
        auroc=None if wrong is None else separation(right, wrong, seed),
        retrieved=average(trial.finds_own(phrases, rng), seed),
        n_rivals=min(RIVALS, len(phrases)),
        levels=() if wrong is None else _levels(right, wrong),
    )


def _row(words: WordsOf, found: Correlations, phrase: str | None, seed: int) -> Predictor:
    mean, peak = (average(side, seed) for side in found)
    return Predictor(words, len(found.mean), mean, peak, phrase)


def _levels(
    right: Float64[np.ndarray, " unit"], wrong: Float64[np.ndarray, " other"]
) -> tuple[SilenceLevel, ...]:
    reached = ((share, float(np.quantile(wrong, 1 - share))) for share in _SHARES)
    return tuple(SilenceLevel(share, level, float((right >= level).mean())) for share, level in reached)
