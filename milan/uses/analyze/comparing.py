"""What an order costs, beside random orders that visit the same layers at the same places."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Bool, Float64

from milan.records import Figure
from milan.statistics import average, share

__all__ = ["Comparison", "Verdict", "compare", "curve_of", "curve_of_random"]

_DRAWS = 2000


class Verdict(StrEnum):
    """What an order costs beside chance of its depth."""

    MORE = "more than chance of its depth"
    LESS = "less than chance of its depth"
    SAME = "no difference"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An order beside its own controls."""

    lost: Figure
    """Accuracy lost more than with the controls, averaged over the points of the curve, 0 left out; above 0
    the order's units matter more.
    """
    verdict: Verdict


def curve_of(right: Bool[np.ndarray, "count image"], seed: int) -> tuple[Figure, ...]:
    """Accuracy at each point, with 95 % intervals over images."""
    return tuple(average(row.astype(np.float64), seed) for row in right)


def curve_of_random(rights: Bool[np.ndarray, "order count image"], seed: int) -> tuple[Figure, ...]:
    """Accuracy at each point, averaged over random orders; intervals over images and over orders."""
    return tuple(share(rights[:, count], seed) for count in range(rights.shape[1]))


def compare(
    right: Bool[np.ndarray, "count image"],
    controls: Sequence[Bool[np.ndarray, "count image"]],
    seed: int,
) -> Comparison:
    """The order against its controls, on the same images; the first row (no unit switched off) is left out.

    An order is one of many that could have been drawn: even one that means nothing lies off the mean of its
    controls by as much as they lie apart. So the interval is that of the next random order (as in a
    prediction interval: Student's t over the controls, times the root of 1 + 1/n), joined with that over
    images drawn anew. An interval of the mean of the controls alone would call nearly every order special.
    """
    rng = np.random.default_rng(seed)
    of_order = right[1:].mean(0)  # [image]
    of_controls: Float64[np.ndarray, "order image"] = np.stack([control[1:].mean(0) for control in controls])
    n_orders, n_images = of_controls.shape
    drawn = rng.multinomial(n_images, np.full(n_images, 1 / n_images), _DRAWS) / n_images  # [draw, image]
    accuracy = drawn @ of_controls.T  # [draw, order]
    chance = rng.standard_t(n_orders - 1, _DRAWS) * accuracy.std(1, ddof=1) * np.sqrt(1 + 1 / n_orders)
    lost = np.round(accuracy.mean(1) - drawn @ of_order + chance, 9)  # equal curves differ by nothing
    low, high = np.quantile(lost, [0.025, 0.975])
    figure = Figure(float(of_controls.mean() - of_order.mean()), float(low), float(high))
    verdict = Verdict.MORE if low > 0 else Verdict.LESS if high < 0 else Verdict.SAME
    return Comparison(figure, verdict)
