"""Activations of images chosen beforehand, never used for exemplars."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

__all__ = ["MeasuredSample"]


class MeasuredSample:
    """Mean, peak and lowest activation of each unit in each of some images.

    The images are known before the pass, so each has its row and shards fill different ones.
    """

    def __init__(self, images: Int64[np.ndarray, " image"], n_units: int) -> None:
        self.images = images
        self.seen = np.zeros(len(images), np.bool_)
        shape = (len(images), n_units)
        self.mean, self.peak, self.low = (np.zeros(shape, np.float32) for _ in range(3))

    def add(
        self,
        images: Int64[np.ndarray, " image"],
        mean: Float[Tensor, "image unit"],
        peak: Float[Tensor, "image unit"],
        low: Float[Tensor, "image unit"],
    ) -> None:
        """Fill the rows of some of the chosen images."""
        rows = np.searchsorted(self.images, images)
        for kept, new in ((self.mean, mean), (self.peak, peak), (self.low, low)):
            kept[rows] = new.to(torch.float32).numpy()
        self.seen[rows] = True

    def merge(self, other: Self) -> None:
        """Take the rows that another shard filled."""
        rows = other.seen
        for kept, new in ((self.mean, other.mean), (self.peak, other.peak), (self.low, other.low)):
            kept[rows] = new[rows]
        self.seen |= rows

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays; rows never filled are zeros."""
        return {name: getattr(self, name) for name in ("images", "seen", "mean", "peak", "low")}

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again."""
        found = cls(arrays["images"].copy(), arrays["mean"].shape[1])
        found.seen = arrays["seen"].copy()
        found.mean, found.peak, found.low = (arrays[name].copy() for name in ("mean", "peak", "low"))
        return found
