"""Counts of things that do or do not: shares with intervals, exact tests, and corrections for many tests."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

__all__ = ["Share", "benjamini_hochberg", "difference", "fisher", "holm", "share"]

_NORMAL = 1.959963984540054  # 97.5 % of a normal distribution lie below


class Share(NamedTuple):
    """A share, or a difference of two, with its 95 % interval."""

    value: float
    low: float
    high: float


def share(n: int, of: int) -> Share:
    """The share of `n` of `of` things, with Wilson's interval; 0 to 1 is all that is known of none.

    >>> share(0, 100)
    Share(value=0.0, low=0.0, high=0.0369...)
    """
    if of == 0:
        return Share(0.0, 0.0, 1.0)
    part, square = n / of, _NORMAL**2
    middle = (part + square / (2 * of)) / (1 + square / of)
    reach = _NORMAL / (1 + square / of) * math.sqrt(part * (1 - part) / of + square / (4 * of * of))
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Share(part, 0.0 if n == 0 else low, 1.0 if n == of else high)


def difference(first: Share, second: Share) -> Share:
    """The second share less the first, of independent samples, with Newcombe's interval.

    It joins Wilson's intervals of both (method 10 of Newcombe, 1998), so it holds for small counts too.
    """
    value = second.value - first.value
    down = math.hypot(second.value - second.low, first.high - first.value)
    up = math.hypot(second.high - second.value, first.value - first.low)
    return Share(value, value - down, value + up)


def fisher(n_first: int, of_first: int, n_second: int, of_second: int) -> float:
    """Chance of counts at least as unlike when both shares are the same: Fisher's exact test, both sides."""
    from scipy.stats import fisher_exact

    table = [[n_first, of_first - n_first], [n_second, of_second - n_second]]
    return float(min(1.0, fisher_exact(table).pvalue))


def benjamini_hochberg(chances: Sequence[float]) -> Float64[np.ndarray, " test"]:
    """The lowest rate of false findings at which each test would count as found.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.9]).round(3).tolist()
    [0.04, 0.053, 0.053, 0.9]
    """
    order = np.argsort(chances, kind="stable")
    ranked = np.asarray(chances, np.float64)[order] * len(order) / np.arange(1, len(order) + 1)
    return _in_place(order, np.minimum.accumulate(ranked[::-1])[::-1])


def holm(chances: Sequence[float]) -> Float64[np.ndarray, " test"]:
    """The lowest chance of any false finding at which each test would count as found.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(chances, kind="stable")
    ranked = np.asarray(chances, np.float64)[order] * np.arange(len(order), 0, -1)
    return _in_place(order, np.maximum.accumulate(ranked))


def _in_place(
    order: np.ndarray[tuple[int], np.dtype[np.intp]], ranked: Float64[np.ndarray, " test"]
) -> Float64[np.ndarray, " test"]:
    found = np.empty(len(order))
    found[order] = np.minimum(ranked, 1)
    return found
