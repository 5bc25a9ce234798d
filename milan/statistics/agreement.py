"""How well one number an image predicts another: correlation, AUPRC and F1, each with an interval.

All three pass NeuronEval's tests of a metric (Oikarinen, Yan, Weng, ICML 2025, sections 4 and 5): they fall
when half of the true labels go missing and when as many false ones are added. Recall, AUC, Spearman and
correlation over top and random images do not.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

__all__ = ["Agreement", "Interval", "agreement", "correlation", "pearson", "strongest"]

POSITIVES = 0.05
"""Share of images that count as active, for AUPRC and F1."""

_FEW_VALUES = 64
"""Different values up to which a prediction is summed value by value."""

Values = Float32[np.ndarray, "image unit"]


class Interval(NamedTuple):
    """A figure of each unit between the 2.5 and the 97.5 percentile of its bootstrap over images."""

    value: Float64[np.ndarray, " unit"]
    low: Float64[np.ndarray, " unit"]
    high: Float64[np.ndarray, " unit"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a prediction is worth, unit by unit; 0 where prediction or truth never changes."""

    pearson: Interval
    """Correlation, -1 to 1."""
    auprc: Interval
    """Area under precision over recall, for the images counted as active; chance is their share."""
    f1: Interval
    """Harmonic mean of precision and recall, as many images counted as predicted as are active."""


def agreement(
    predicted: Values,
    actual: Values,
    *,
    resamples: int = 500,
    seed: int = 0,
    groups: Int64[np.ndarray, " image"] | None = None,
) -> Agreement:
    """Compare column by column; images are drawn anew `resamples` times for the intervals.

    The same images are drawn for all units, so differences between units can be read off the intervals' ends.
    Rows of one of the `groups` (whole numbers from 0: the sentences of words) are drawn together: they depend
    on one another.
    """
    weights = _draws(len(predicted), resamples, seed, groups)
    active, said = strongest(actual), strongest(predicted)
    return Agreement(
        _interval(_pearson(weights, _centred(predicted), _centred(actual))),
        _interval(_auprc(weights, predicted, active)),
        _interval(_f1(weights, said, active)),
    )


def correlation(
    predicted: Values,
    actual: Values,
    *,
    resamples: int = 500,
    seed: int = 0,
    groups: Int64[np.ndarray, " image"] | None = None,
) -> Interval:
    """The first figure of `agreement` alone, at a hundredth of the cost."""
    weights = _draws(len(predicted), resamples, seed, groups)
    return _interval(_pearson(weights, _centred(predicted), _centred(actual)))


def pearson(predicted: Values, actual: Values) -> Float64[np.ndarray, " unit"]:
    """Correlation column by column; 0 where one of the two never changes."""
    found: Float64[np.ndarray, " unit"] = _pearson(
        np.ones((1, len(predicted))), _centred(predicted), _centred(actual)
    )[0]
    return found


def strongest(values: Values, share: float = POSITIVES) -> Bool[np.ndarray, "image unit"]:
    """Mark the share of highest values in each column.

    Equal values are marked together, and never the lowest: of labels 0 and 1 exactly the ones are marked,
    however many they are.
    """
    ordered = np.sort(values, axis=0)
    level = ordered[len(values) - max(1, round(share * len(values)))]
    marked: Bool[np.ndarray, "image unit"] = values >= level
    return np.where(level > ordered[0], marked, values > ordered[0])


def _draws(
    n_images: int, resamples: int, seed: int, groups: Int64[np.ndarray, " image"] | None = None
) -> Float64[np.ndarray, "draw image"]:
    """How often each image is drawn: once, and then as chance has it."""
    n_drawn = n_images if groups is None else int(groups.max(initial=-1)) + 1
    weights = np.ones((resamples + 1, n_drawn))
    random = np.random.default_rng(seed)
    weights[1:] = random.multinomial(n_drawn, np.full(n_drawn, 1 / n_drawn), size=resamples)
    return weights if groups is None else weights[:, groups]


def _centred(values: Values) -> Float64[np.ndarray, "image unit"]:
    # sums of squares of small numbers on a large offset would lose all their digits
    centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    spread = np.sqrt((centred**2).mean(axis=0))
    found: Float64[np.ndarray, "image unit"] = centred / np.where(spread > 0, spread, 1)
    return found


def _pearson(
    weights: Float64[np.ndarray, "draw image"],
    x: Float64[np.ndarray, "image unit"],
    y: Float64[np.ndarray, "image unit"],
) -> Float64[np.ndarray, "draw unit"]:
    n = weights.sum(axis=1, keepdims=True)
    mean_x, mean_y = weights @ x / n, weights @ y / n
    shared = weights @ (x * y) / n - mean_x * mean_y
    of_x, of_y = weights @ (x * x) / n - mean_x**2, weights @ (y * y) / n - mean_y**2
    spread = np.sqrt(np.maximum(of_x, 0) * np.maximum(of_y, 0))
    return _ratio(shared, spread)


def _auprc(
    weights: Float64[np.ndarray, "draw image"], predicted: Values, active: Bool[np.ndarray, "image unit"]
) -> Float64[np.ndarray, "draw unit"]:
    """Average precision; images of equal prediction are all found together."""
    found = np.zeros((len(weights), predicted.shape[1]))
    for unit in range(predicted.shape[1]):
        values, level = np.unique(-predicted[:, unit], return_inverse=True)
        if len(values) <= _FEW_VALUES:
            found[:, unit] = _auprc_of_few(weights, level, active[:, unit])
            continue
        order = np.argsort(-predicted[:, unit], kind="stable")
        ordered = predicted[order, unit]
        at = np.flatnonzero(active[order, unit])  # precision counts where an active image is found
        last = np.searchsorted(-ordered, -ordered[at], side="right") - 1
        hits = weights[:, order[at]]
        of_all = weights[:, order].cumsum(axis=1)[:, last]
        of_hits = hits.cumsum(axis=1)[:, np.searchsorted(at, last, side="right") - 1]
        found[:, unit] = (hits * _ratio(of_hits, of_all)).sum(axis=1) / np.maximum(hits.sum(axis=1), 1)
    return found


def _auprc_of_few(
    weights: Float64[np.ndarray, "draw image"],
    level: Int64[np.ndarray, " image"],
    active: Bool[np.ndarray, " image"],
) -> Float64[np.ndarray, " draw"]:
    """The same of a prediction with few values, numbered from the highest: summed value by value."""
    is_at = (level[:, None] == np.arange(level.max() + 1)).astype(np.float64)
    of_all = (weights @ is_at).cumsum(axis=1)
    hits = weights @ (is_at * active[:, None])
    precision = _ratio(hits.cumsum(axis=1), of_all)
    found: Float64[np.ndarray, " draw"] = (hits * precision).sum(axis=1) / np.maximum(hits.sum(axis=1), 1)
    return found


def _f1(
    weights: Float64[np.ndarray, "draw image"],
    said: Bool[np.ndarray, "image unit"],
    active: Bool[np.ndarray, "image unit"],
) -> Float64[np.ndarray, "draw unit"]:
    both, either = weights @ (said & active), weights @ said + weights @ active
    return _ratio(2 * both, either)


def _ratio(
    over: Float64[np.ndarray, "draw column"], under: Float64[np.ndarray, "draw column"]
) -> Float64[np.ndarray, "draw column"]:
    """0 where there is nothing to divide by."""
    found: Float64[np.ndarray, "draw column"] = np.divide(
        over, under, out=np.zeros_like(over), where=under > 1e-12
    )
    return found


def _interval(drawn: Float64[np.ndarray, "draw unit"]) -> Interval:
    if len(drawn) == 1:
        return Interval(drawn[0], drawn[0], drawn[0])
    low, high = np.quantile(drawn[1:], [0.025, 0.975], axis=0)
    return Interval(drawn[0], low, high)
