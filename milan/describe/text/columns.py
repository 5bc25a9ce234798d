"""Presences as standardised columns, without filling in the words that lack them."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32, Float64
from scipy import sparse

__all__ = ["SparseColumns"]


class SparseColumns:
    """Columns of mean 0 and spread 1 over some rows; zeros where a column never changes there.

    `Columns` of `describe.greedy`: a product with all of them costs what their presences cost.
    """

    def __init__(
        self, presences: sparse.csc_matrix, moments: "tuple[Moments, Moments] | None" = None
    ) -> None:
        self._presences = presences
        self.mean, self._spread = moments or _moments(presences)

    def rows(self, chosen: Bool[np.ndarray, " row"]) -> "SparseColumns":
        """Some of the rows, standardised as all are."""
        part = sparse.csc_matrix(sparse.csr_matrix(self._presences)[chosen])
        return SparseColumns(part, (self.mean, self._spread))

    def follow(self, values: Float32[np.ndarray, "row unit"]) -> Float32[np.ndarray, "column unit"]:
        """Products of all columns with some values."""
        raw = self._presences.T @ values
        shifted = self.mean[:, None] * values.sum(axis=0, dtype=np.float64)
        found: Float32[np.ndarray, "column unit"] = ((raw - shifted) / self._spread[:, None]).astype(
            np.float32
        )
        return found

    def some(self, chosen: Sequence[int]) -> Float32[np.ndarray, "row chosen"]:
        """Some of the columns as an array."""
        columns = list(chosen)
        dense = self._presences[:, columns].toarray()
        found: Float32[np.ndarray, "row chosen"] = (
            (dense - self.mean[columns]) / self._spread[columns]
        ).astype(np.float32)
        return found


Moments = Float64[np.ndarray, " column"]


def _moments(presences: sparse.csc_matrix) -> tuple[Moments, Moments]:
    n = max(1, presences.shape[0])
    mean = np.asarray(presences.sum(axis=0), np.float64).ravel() / n
    square = np.asarray(presences.multiply(presences).sum(axis=0), np.float64).ravel() / n
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return mean, np.where(spread > 1e-6, spread, np.inf)
