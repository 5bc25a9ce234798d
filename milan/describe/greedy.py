"""Greedy choice of columns that together follow a unit, however the columns are kept.

The column that follows best what is left unexplained is added, then all weights are fitted anew (Oikarinen
and Weng, ICML 2024, section 3). Of the lists of one to five, the one is kept that best predicts rows
which took no part in fitting. A unit may be known by several activations (a mean
and a peak): they share the columns.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float32, Float64

__all__ = ["MOST", "Columns", "DenseColumns", "choose_columns", "fit_weights"]

MOST = 5
"""Columns of an explanation."""
_SHRINKAGE = 0.02
"""Share of a column's variance added to the diagonal: near-synonyms share a weight rather than cancel out."""


class Columns(Protocol):
    """Standardised columns over the same rows."""

    def follow(self, values: Float32[np.ndarray, "row unit"]) -> Float32[np.ndarray, "column unit"]:
        """Products of all columns with some values."""
        ...

    def some(self, chosen: Sequence[int]) -> Float32[np.ndarray, "row chosen"]:
        """Some of the columns as an array."""
        ...


class DenseColumns:
    """Columns of an array."""

    def __init__(self, array: Float32[np.ndarray, "row column"]) -> None:
        self._array = array

    def follow(self, values: Float32[np.ndarray, "row unit"]) -> Float32[np.ndarray, "column unit"]:
        """Products of all columns with some values."""
        found: Float32[np.ndarray, "column unit"] = self._array.T @ values
        return found

    def some(self, chosen: Sequence[int]) -> Float32[np.ndarray, "row chosen"]:
        """Some of the columns."""
        return self._array[:, list(chosen)]


def choose_columns(
    fitting: Sequence[tuple[Columns, Float32[np.ndarray, "row unit"]]],
    validating: Sequence[tuple[Columns, Float32[np.ndarray, "other unit"]]],
    n_columns: int,
) -> list[list[int]]:
    """Up to `MOST` columns for each unit, in the order in which they were found; none where none predicts.

    Both are pairs of columns and activations, a pair for each way in which units are known.
    """
    activations = [values for _, values in fitting]
    units = range(activations[0].shape[1])
    chosen: list[list[int]] = [[] for _ in units]
    n_held = len(validating[0][1])
    by_chance = max(1, n_held) ** -0.5  # spread of a correlation of noise
    n_kept, reached = [0] * len(units), [by_chance] * len(units)
    left = [values.copy() for values in activations]
    for _ in range(min(MOST, n_columns)):
        squares = [x.follow(rest) ** 2 for (x, _), rest in zip(fitting, left, strict=True)]
        follows: Float32[np.ndarray, "column unit"] = np.sum(squares, axis=0)
        for unit in units:
            follows[chosen[unit], unit] = -1
            chosen[unit].append(int(follows[:, unit].argmax()))
            own = chosen[unit]
            gained = 0.0
            for (x, y), (far_x, far_y), rest in zip(fitting, validating, left, strict=True):
                shown = x.some(own)
                fitted = fit_weights(shown, y[:, unit])
                rest[:, unit] = y[:, unit] - shown @ fitted
                gained += _correlation(far_x.some(own) @ fitted, far_y[:, unit]) / len(fitting)
            if gained > reached[unit]:
                n_kept[unit], reached[unit] = len(own), gained
    return [own[:n] for own, n in zip(chosen, n_kept, strict=True)]


def fit_weights(
    x: Float32[np.ndarray, "row term"], y: Float32[np.ndarray, " row"]
) -> Float64[np.ndarray, " term"]:
    """Weights by least squares, shrunk a little."""
    square = (x.T @ x).astype(np.float64)
    square[np.diag_indices(len(square))] += _SHRINKAGE * len(x)
    fitted: Float64[np.ndarray, " term"] = np.linalg.solve(square, (x.T @ y).astype(np.float64))
    return fitted


def _correlation(x: Float64[np.ndarray, " row"], y: Float32[np.ndarray, " row"]) -> float:
    if x.std() < 1e-12 or y.std() < 1e-12:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])
