"""Tokens with activations and labels: what probes learn from, and what they are measured on."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from jaxtyping import Float, Int64

from milan.errors import DataError

__all__ = ["Labelled"]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Activations of tokens and the class of each.

    DataError when they do not line up or a label is no class.
    """

    matrix: Float[np.ndarray, "token unit"]
    """May lie on disk (`np.memmap`)."""
    labels: Int64[np.ndarray, " token"]
    """0 to `n_classes` - 1."""
    n_classes: int

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.labels):
            raise DataError(
                f"activations of shape {self.matrix.shape} and {len(self.labels)} labels: give each row one"
            )
        if self.n_classes < 2:
            raise DataError(f"labels tell two classes apart or more, got {self.n_classes}")
        if len(self.labels) and not 0 <= self.labels.min() <= self.labels.max() < self.n_classes:
            raise DataError(
                f"labels are 0 to {self.n_classes - 1}, got {self.labels.min()} to {self.labels.max()}"
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def n_units(self) -> int:
        """Columns of the matrix."""
        return int(self.matrix.shape[1])

    def counts(self) -> Int64[np.ndarray, " class"]:
        """Tokens of each class; DataError for one without any, which nothing can be learnt of."""
        found = np.bincount(self.labels, minlength=self.n_classes)
        if not found.all():
            raise DataError(
                f"class {int(found.argmin())} has no token to learn from: leave it out of the labels"
            )
        return found

    def at(self, tokens: Int64[np.ndarray, " some"]) -> Self:
        """Some of the tokens."""
        return replace(self, matrix=self.matrix[tokens], labels=self.labels[tokens])

    def of(self, units: Int64[np.ndarray, " some"]) -> Self:
        """Some of the units."""
        return replace(self, matrix=self.matrix[:, units])

    def labelled(self, labels: Int64[np.ndarray, " token"]) -> Self:
        """The same tokens with other labels of the same classes."""
        return replace(self, labels=labels)
