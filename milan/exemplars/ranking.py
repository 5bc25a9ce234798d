"""The strongest images of each unit, each with a small map of where."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Float16, Float32, Int64
from torch import Tensor
from torch.nn.functional import adaptive_max_pool2d

from milan.statistics import Entered, TopK

__all__ = ["RankedMaps", "Ranking"]

Gather = Callable[
    [Int64[Tensor, " entry"], Int64[Tensor, " entry"]], Float[Tensor, "entry grid_height grid_width"]
]
"""Full activation maps of (column, unit) pairs."""


class RankedMaps(NamedTuple):
    """A ranking in its final order; places not filled hold image -1, peak -inf, a zero map."""

    images: Int64[np.ndarray, "unit rank"]
    peaks: Float32[np.ndarray, "unit rank"]
    maps: Float16[np.ndarray, "unit rank height width"]
    """Each divided by its scale."""
    scales: Float32[np.ndarray, "unit rank"]


class Ranking:
    """Top-k with maps: a map is gathered when its image enters, and overwritten when it falls out."""

    def __init__(self, n_units: int, k: int, height: int, width: int) -> None:
        self.top = TopK(n_units, k)
        self.maps = torch.zeros((n_units, k, height, width), dtype=torch.float16)
        self.scales = torch.zeros((n_units, k))

    def add(
        self, peaks: Float[Tensor, "unit image"], images: Int64[Tensor, " image"], gather: Gather
    ) -> None:
        """Offer images; `gather` gives the maps of those that enter."""
        entered = self.top.add(peaks, images)
        if len(entered.units):
            self._keep(entered, *self._shrink(gather(entered.columns, entered.units)))

    def merge(self, other: Self) -> None:
        """Take in another shard's images and maps."""
        entered = self.top.merge(other.top)
        at = entered.units, entered.columns
        self._keep(entered, other.maps[at], other.scales[at])

    def ranked(self) -> RankedMaps:
        """The ranking, strongest first."""
        top = self.top.ranked()
        slots = torch.from_numpy(top.slots)
        maps = self.maps.gather(1, slots[:, :, None, None].expand_as(self.maps))
        return RankedMaps(top.images, top.peaks, maps.numpy(), self.scales.gather(1, slots).numpy())

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The sorted keys, with maps and scales in their order."""
        ranked = self.ranked()
        return {**self.top.state_dict(), "maps": ranked.maps, "scales": ranked.scales}

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The ranking again."""
        found = cls(*arrays["maps"].shape)
        found.top = TopK.from_state_dict(arrays)
        found.maps = torch.from_numpy(arrays["maps"].copy())
        found.scales = torch.from_numpy(arrays["scales"].copy())
        return found

    def _shrink(
        self, full: Float[Tensor, "entry grid_height grid_width"]
    ) -> tuple[Float16[Tensor, "entry height width"], Float32[Tensor, " entry"]]:
        # In numpy: on little work torch's threads wait for one another longer than they compute.
        pooled = _max_pooled(full, self.maps.shape[2], self.maps.shape[3])
        scales = np.abs(pooled).max(axis=(1, 2))
        shares = pooled / np.maximum(scales, np.finfo(np.float32).tiny)[:, None, None]
        return torch.from_numpy(shares.astype(np.float16)), torch.from_numpy(scales)

    def _keep(self, entered: Entered, maps: Tensor, scales: Tensor) -> None:
        at = entered.units, entered.slots
        self.maps[at] = maps
        self.scales[at] = scales


def _max_pooled(
    full: Float[Tensor, "entry grid_height grid_width"], height: int, width: int
) -> Float32[np.ndarray, "entry height width"]:
    down, rest = divmod(full.shape[1], height)
    across, rest_across = divmod(full.shape[2], width)
    if rest or rest_across:
        mixed: Float32[np.ndarray, "entry height width"] = adaptive_max_pool2d(full, (height, width)).numpy()
        return mixed
    # Cells of one size: rows first, then strided columns, is six times faster than the general way.
    rows = full.numpy().reshape(-1, height, down, full.shape[2]).max(axis=2)
    columns = (rows[:, :, column::across] for column in range(across))
    return reduce(np.maximum, columns)
