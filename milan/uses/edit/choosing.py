"""Which units go first, and how many."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool, Float32, Float64

from milan.ablation import LayerScores, Levels, TestImages, right_without
from milan.networks import Network
from milan.records import UnitId
from milan.uses.edit.options import Rule

__all__ = ["how_many", "ordered", "specificity"]

_NO_HARM = 1e-6
"""Nats: what is lost at least, so that a unit that others never need comes first, and is no division by 0."""


def ordered(
    units: Sequence[UnitId], scores: Sequence[LayerScores], rule: Rule, shown: Bool[np.ndarray, " image"]
) -> list[UnitId]:
    """Units by what the validation images lose without each; `shown` are those that show the concept.

    Of equal units the address decides, so that the order is the same in every run.
    """
    worth = {one.layer: _worth(one, rule, shown) for one in scores}
    return sorted(units, key=lambda unit: (*(-part for part in worth[unit.layer][unit.index]), unit))


def specificity(scores: LayerScores, shown: Bool[np.ndarray, " image"]) -> Float64[np.ndarray, " unit"]:
    """What images that show the concept lose without each unit, for what all others lose.

    Both are means of the log odds of the true class, which fall evenly where a chance near 1 hardly moves.
    What is lost by others is taken a standard error higher than it is measured, and as no gain: a unit must
    be surely harmless to come first.
    """
    lost = _log_odds(scores.whole.log_chance)[None] - _log_odds(scores.log_chance)
    others = lost[:, ~shown]
    unsure = others.std(1) / np.sqrt(others.shape[1])
    found: Float64[np.ndarray, " unit"] = lost[:, shown].mean(1) / np.maximum(
        np.maximum(others.mean(1), 0.0) + unsure, _NO_HARM
    )
    return found


def _worth(
    scores: LayerScores, rule: Rule, shown: Bool[np.ndarray, " image"]
) -> Float64[np.ndarray, "unit part"]:
    """By what units go, the highest first: accuracy, then the log chance that tells apart equal ones."""
    if rule is Rule.SPECIFIC:
        return specificity(scores, shown)[:, None]
    drops = np.stack([scores.drop.astype(np.float64).round(9), scores.evidence.astype(np.float64)], axis=1)
    return -drops if rule is Rule.LEAST else drops


def _log_odds(log_chance: Float32[np.ndarray, "*unit image"]) -> Float64[np.ndarray, "*unit image"]:
    """log p - log(1 - p); finite where p is 1 to the last digit."""
    sure = np.minimum(log_chance.astype(np.float64), -1e-7)
    found: Float64[np.ndarray, "*unit image"] = sure - np.log(-np.expm1(sure))
    return found


def how_many(
    network: Network,
    clean: TestImages,
    order: Sequence[UnitId],
    allowed: float,
    levels: Levels | None,
    progress: Callable[[int, int], None],
) -> tuple[int, Bool[np.ndarray, "count image"]]:
    """The largest number of units whose going loses no more than a share of clean images; and the whole
    curve.

    Row n of the curve says which clean images are right without the first n. With equal accuracy at several
    numbers the largest counts: the loss is not taken to grow with the number.
    """
    right = right_without(network, clean, order, range(len(order) + 1), levels=levels, progress=progress)
    accuracy = right.mean(1)
    fitting = np.flatnonzero(accuracy >= accuracy[0] - allowed - 1e-9)
    return int(fitting[-1]), right
