"""Raw activations at positions chosen beforehand: the exact values that counts in buckets cannot tell."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from jaxtyping import Float32, Int64

__all__ = ["ValueSample"]


class ValueSample:
    """As many activations of each unit from each of some images.

    Images and positions are known before the pass, so each image has its row and shards fill different ones.
    """

    def __init__(self, images: Int64[np.ndarray, " image"], n_positions: int, n_units: int) -> None:
        self.images = images
        self.seen = np.zeros(len(images), np.bool_)
        self.values = np.zeros((len(images), n_positions, n_units), np.float32)

    def add(
        self, images: Int64[np.ndarray, " image"], values: Float32[np.ndarray, "image position unit"]
    ) -> None:
        """Fill the rows of some of the chosen images; a value that is not finite stands for none."""
        rows = np.searchsorted(self.images, images)
        self.values[rows] = values
        self.seen[rows] = True

    def merge(self, other: Self) -> None:
        """Take the rows that another shard filled."""
        self.values[other.seen] = other.values[other.seen]
        self.seen |= other.seen

    def of_units(self, first: int, last: int) -> Float32[np.ndarray, "unit value"]:
        """All values of the units first, ..., last - 1, from the images seen so far."""
        part = self.values[self.seen, :, first:last]
        return np.ascontiguousarray(part.reshape(-1, part.shape[2]).T)

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays; rows never filled are zeros."""
        return {"images": self.images, "seen": self.seen, "values": self.values}

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again."""
        found = cls(arrays["images"].copy(), *arrays["values"].shape[1:])
        found.seen, found.values = arrays["seen"].copy(), arrays["values"].copy()
        return found
