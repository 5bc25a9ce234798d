"""Quantiles of each unit's activations, from counts on the float's own grid.

A bucket is a float's sign, exponent and six leading mantissa bits: 64 buckets an octave from 2**-24 to
2**16 (the range of half precision) on either side of one bucket for everything smaller: 5,121 in all,
at most 1.6 % wide. Counts are integers, so any order of work gives the same ones; a sketch (KLL,
t-digest) would not. Inside a bucket values are taken as evenly spread.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int16
from torch import Tensor

__all__ = ["QuantileCounts"]

_SHIFT = 17
"""Float bits below sign, exponent and six mantissa bits."""
_SMALLEST = (127 - 24) << 6
"""Bits of 2**-24 after the shift."""
_PER_SIDE = 40 << 6
_N_BUCKETS = 2 * _PER_SIDE + 1
_REFUSED = _N_BUCKETS
"""One more bucket, never read, for values that must not count."""
_GROUP = 16
"""Units counted in one call: their buckets stay in a core's own cache."""


class QuantileCounts:
    """How many activations of each unit fell into each bucket."""

    def __init__(self, n_units: int) -> None:
        self.counts = np.zeros((n_units, _N_BUCKETS), np.int64)

    def add(
        self, pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None = None
    ) -> None:
        """Count activations, given as pieces of equal unit axis and any strides; `keep` refuses some."""
        if not pieces:
            return
        buckets = _buckets_of(pieces, keep)
        for first in range(0, len(self.counts), _GROUP):
            group = buckets[first : first + _GROUP]
            offsets = torch.arange(len(group), dtype=torch.int32)[:, None] * (_N_BUCKETS + 1)
            found = torch.bincount((group + offsets).view(-1), minlength=len(group) * (_N_BUCKETS + 1))
            self.counts[first : first + _GROUP] += found.view(len(group), -1)[:, :_N_BUCKETS].numpy()

    def merge(self, other: Self) -> None:
        """Take in what another shard counted."""
        self.counts += other.counts

    def quantile(self, q: float) -> Float32[np.ndarray, " unit"]:
        """The level t with P(a < t) <= q <= P(a <= t), to within one bucket; 0 where nothing was counted."""
        levels = np.zeros(len(self.counts), np.float32)
        for first in range(0, len(self.counts), 256):
            below = self.counts[first : first + 256].cumsum(axis=1)
            rank = q * below[:, -1:]
            bucket = np.minimum((below < rank).sum(axis=1), _N_BUCKETS - 1)
            rows = np.arange(len(bucket))
            inside = np.maximum(self.counts[first + rows, bucket], 1)
            part = (rank[:, 0] - below[rows, bucket]) / inside + 1
            level = _LOWER[bucket] + part * (_UPPER[bucket] - _LOWER[bucket])
            levels[first : first + 256] = np.where(below[:, -1] > 0, level, 0)
        return levels

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The occupied buckets, unit by unit: `occupied` of each unit, then `bucket` and `count` of each."""
        units, buckets = np.nonzero(self.counts)
        return {
            "occupied": np.bincount(units, minlength=len(self.counts)).astype(np.int32),
            "bucket": buckets.astype(np.int16),
            "count": self.counts[units, buckets],
        }

    @classmethod
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The statistic again."""
        occupied = arrays["occupied"]
        found = cls(len(occupied))
        found.counts[np.repeat(np.arange(len(occupied)), occupied), arrays["bucket"]] = arrays["count"]
        return found


def _buckets_of(
    pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None
) -> Int16[Tensor, "unit sample"]:
    sizes = [piece[0].numel() for piece in pieces]
    buckets = torch.empty((len(pieces[0]), sum(sizes)), dtype=torch.int16, device=pieces[0].device)
    parts = torch.split_with_sizes(buckets, sizes, dim=1)
    for piece, part in zip(pieces, parts, strict=True):
        part.copy_((piece.view(torch.int32) >> _SHIFT).flatten(1))
    negative = buckets < 0
    buckets.bitwise_and_(0x3FFF).sub_(_SMALLEST - 1).clamp_(0, _PER_SIDE)
    if negative.any():
        buckets = torch.where(negative, -buckets, buckets)
    buckets += _PER_SIDE
    if keep is not None:
        for piece_index, part in enumerate(torch.split_with_sizes(buckets, sizes, dim=1)):
            part[~keep[:, piece_index]] = _REFUSED
    return buckets.cpu()


def _edges() -> tuple[Float32[np.ndarray, " bucket"], Float32[np.ndarray, " bucket"]]:
    bits = (np.arange(_PER_SIDE + 1, dtype=np.int32) + _SMALLEST) << _SHIFT
    up = bits.view(np.float32)
    none = np.zeros(1, np.float32)  # the middle bucket stands for zero itself
    return np.concatenate([-up[:0:-1], none, up[:-1]]), np.concatenate([-up[-2::-1], none, up[1:]])


_LOWER, _UPPER = _edges()
