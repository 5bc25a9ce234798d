"""Units on one scale: mean 0 and deviation 1 over the tokens that a probe learns from."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int64

from milan.errors import DataError

__all__ = ["Standard"]

_ROWS = 1024
"""Tokens looked at together: a few megabytes, whatever the matrix takes (it may lie on disk)."""


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """Where each unit lies and how far it spreads, so that a weight says the same of every unit.

    standard = Standard.of(train)
    units = standard.apply(test)          # [token, unit], constant units are zeros
    """

    mean: Float64[np.ndarray, " unit"]
    deviation: Float64[np.ndarray, " unit"]
    """Over all tokens; exactly 0 for a unit that never changes."""

    @classmethod
    def of(cls, matrix: Float[np.ndarray, "token unit"]) -> Self:
        """Measure every unit in one pass; DataError for no tokens, or an activation that is not finite."""
        if matrix.ndim != 2 or not len(matrix):
            raise DataError(f"activations are a matrix of a row a token, got the shape {matrix.shape}")
        first = matrix[0].astype(np.float64)  # sums of squares around it: a large offset costs no digits
        total, squares = np.zeros_like(first), np.zeros_like(first)
        for start in range(0, len(matrix), _ROWS):
            block = matrix[start : start + _ROWS].astype(np.float64) - first
            total += block.sum(0)
            squares += np.einsum("tu,tu->u", block, block)
        if not np.isfinite(squares).all():
            raise DataError(_not_finite(matrix))
        mean = total / len(matrix)
        variance = np.where(squares > 0, np.maximum(squares / len(matrix) - mean**2, 0), 0)
        return cls(first + mean, np.sqrt(variance))

    @property
    def changes(self) -> Bool[np.ndarray, " unit"]:
        """Which units are not constant."""
        found: Bool[np.ndarray, " unit"] = self.deviation > 0
        return found

    def apply(
        self, matrix: Float[np.ndarray, "token unit"], units: Int64[np.ndarray, " some"] | None = None
    ) -> Float32[np.ndarray, "token some"]:
        """All units, or some of them, on the common scale."""
        chosen = np.arange(len(self.mean)) if units is None else units
        mean = self.mean[chosen].astype(np.float32)
        spread = self.deviation[chosen]
        factor = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0).astype(np.float32)
        found = np.empty((len(matrix), len(chosen)), np.float32)
        for start in range(0, len(matrix), _ROWS):
            block = matrix[start : start + _ROWS]
            np.subtract(block if units is None else block[:, units], mean, out=found[start : start + _ROWS])
            found[start : start + _ROWS] *= factor
        return found


def _not_finite(matrix: Float[np.ndarray, "token unit"]) -> str:
    for start in range(0, len(matrix), _ROWS):
        bad = np.argwhere(~np.isfinite(matrix[start : start + _ROWS]))
        if len(bad):
            token, unit = int(bad[0, 0]) + start, int(bad[0, 1])
            value = matrix[token, unit]
            return f"token {token} has the activation {value} in unit {unit}: leave such tokens out"
    return "activations are too large for sums of their squares: divide them by a common factor"
