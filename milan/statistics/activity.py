"""The range of each unit, and whether it could be measured."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["Activity"]


class Activity:
    """Lowest and highest finite activation of each unit, and in how many images it was not finite."""

    def __init__(self, n_units: int) -> None:
        self.low = np.full(n_units, np.inf, np.float32)
        self.high = np.full(n_units, -np.inf, np.float32)
        self.n_not_finite = np.zeros(n_units, np.int64)

    def add(self, low: Float[Tensor, "unit image"], high: Float[Tensor, "unit image"]) -> None:
        """Take in each image's lowest and highest activation; images with one not finite are counted."""
        finite = low.isfinite() & high.isfinite()
        if not finite.all():
            self.n_not_finite += (~finite).sum(dim=1).numpy()
            low, high = low.masked_fill(~finite, torch.inf), high.masked_fill(~finite, -torch.inf)
        np.minimum(self.low, low.amin(dim=1).numpy() + 0.0, out=self.low)
        np.maximum(self.high, high.amax(dim=1).numpy() + 0.0, out=self.high)

    def merge(self, other: Self) -> None:
        """Take in what another shard saw."""
        np.minimum(self.low, other.low, out=self.low)
        np.maximum(self.high, other.high, out=self.high)
        self.n_not_finite += other.n_not_finite

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The three arrays."""
        return {"low": self.low, "high": self.high, "n_not_finite": self.n_not_finite}

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again."""
        found = cls(len(arrays["low"]))
        found.low, found.high = arrays["low"].copy(), arrays["high"].copy()
        found.n_not_finite = arrays["n_not_finite"].copy()
        return found
