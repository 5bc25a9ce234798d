"""The k images of highest peak of each unit, as one sortable integer an image."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import Tensor

__all__ = ["Entered", "Ranked", "TopK"]

_EMPTY = torch.iinfo(torch.int64).min
_LOW_HALF = 0xFFFFFFFF


class Entered(NamedTuple):
    """Which offered images entered, so that what belongs to them can follow."""

    units: Int64[Tensor, " entry"]
    slots: Int64[Tensor, " entry"]
    """Where the unit keeps the image now; what was kept there is gone."""
    columns: Int64[Tensor, " entry"]
    """Which of the offered images it is."""


class Ranked(NamedTuple):
    """The strongest images, strongest first; places not filled hold image -1 and peak -inf."""

    images: Int64[np.ndarray, "unit rank"]
    peaks: Float32[np.ndarray, "unit rank"]
    slots: Int64[np.ndarray, "unit rank"]
    """Where `Entered.slots` put each of them."""


class TopK:
    """The k images of highest finite peak of each unit; equal peaks go to the earlier image.

    An image is one 64-bit integer: the peak's bits, arranged to sort as the number does, above the image's
    position in the manifest, complemented. Distinct images are distinct integers, so the k largest are
    one set whatever the order of work.
    """

    def __init__(self, n_units: int, k: int) -> None:
        self.keys = torch.full((n_units, k), _EMPTY, dtype=torch.int64)

    def add(self, peaks: Float[Tensor, "unit image"], images: Int64[Tensor, " image"]) -> Entered:
        """Offer images (positions in the manifest, each offered once); peaks not finite are passed over."""
        return self._offer(_pack(peaks, images))

    def merge(self, other: Self) -> Entered:
        """Take in what another shard kept; `columns` are the other's slots."""
        return self._offer(other.keys)

    @property
    def images(self) -> Int64[Tensor, "unit slot"]:
        """The images kept so far, in no order; -1 where a place is not filled."""
        return (_LOW_HALF - (self.keys & _LOW_HALF)).masked_fill(self.keys == _EMPTY, -1)

    def ranked(self) -> Ranked:
        """The images kept so far, strongest first."""
        keys, slots = self.keys.sort(dim=1, descending=True)
        filled = keys != _EMPTY
        ordered = (keys >> 32).to(torch.int32)
        peaks = _ordered_bits(ordered).view(torch.float32).masked_fill(~filled, -torch.inf)
        images = (_LOW_HALF - (keys & _LOW_HALF)).masked_fill(~filled, -1)
        return Ranked(images.numpy(), peaks.numpy(), slots.numpy())

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """One array: the keys, largest first."""
        return {"keys": self.keys.sort(dim=1, descending=True).values.numpy()}

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again; slots are the ranks it was saved with."""
        found = cls(*arrays["keys"].shape)
        found.keys = torch.from_numpy(arrays["keys"].copy())
        return found

    def _offer(self, keys: Int64[Tensor, "unit image"]) -> Entered:
        # The j-th largest on offer enters exactly when it beats the j-th smallest that is kept.
        k = min(keys.shape[1], self.keys.shape[1])
        offered, columns = keys.topk(k, dim=1)
        kept, slots = self.keys.sort(dim=1)
        units, places = (offered > kept[:, :k]).nonzero(as_tuple=True)
        entered = Entered(units, slots[units, places], columns[units, places])
        self.keys[units, entered.slots] = offered[units, places]
        return entered


def _pack(peaks: Float[Tensor, "unit image"], images: Int64[Tensor, " image"]) -> Int64[Tensor, "unit image"]:
    bits = (peaks.to(torch.float32) + 0.0).contiguous().view(torch.int32)  # + 0.0 makes -0.0 equal 0.0
    keys = (_ordered_bits(bits).to(torch.int64) << 32) | (_LOW_HALF - images)
    return keys.masked_fill(~peaks.isfinite(), _EMPTY)


def _ordered_bits(bits: Tensor) -> Tensor:
    """Turn float bits into integers that sort alike, and back."""
    return bits ^ ((bits >> 31) & 0x7FFFFFFF)
