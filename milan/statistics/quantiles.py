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
from jaxtyping import Bool, Float, Float32, Int16, Int64
from torch import Tensor

__all__ = ["QuantileCounts"]

_SHIFT = 17
"""Float bits below sign, exponent and six mantissa bits; what remains is called coarse, and fits 16 bits."""
_ZERO = ((127 - 24) << 6) - 1
"""Coarse magnitudes up to this one, just below 2**-24, count as zero."""
_PER_SIDE = 40 << 6
_N_BUCKETS = 2 * _PER_SIDE + 1
_REFUSED = 0x3FFF
"""A coarse value that no finite number has, for values that must not count."""
_GROUP = 16
"""Units counted in one call: their values and buckets stay in a core's own cache."""
_WORTH_COUNTING = 1 << 14
"""Values a unit that are gathered before they are counted: fewer cost as much as clearing the buckets."""


class QuantileCounts:
    """How many activations of each unit fell into each bucket."""

    def __init__(self, n_units: int) -> None:
        self._counts = np.zeros((n_units, _N_BUCKETS), np.int64)
        self._waiting: list[Int16[Tensor, "unit value"]] = []

    def add(
        self, pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None = None
    ) -> None:
        """Count float32 activations in pieces of one unit axis and any strides; `keep` refuses some."""
        if not pieces:
            return
        self._waiting.append(_coarse(pieces, keep).cpu())
        if sum(coarse.shape[1] for coarse in self._waiting) >= _WORTH_COUNTING:
            self._count_waiting()

    @property
    def counts(self) -> Int64[np.ndarray, "unit bucket"]:
        """Values in each bucket, lowest bucket first."""
        self._count_waiting()
        return self._counts

    def merge(self, other: Self) -> None:
        """Take in what another shard counted."""
        self._counts += other.counts

    def quantile(self, q: float) -> Float32[np.ndarray, " unit"]:
        """The level t with P(a < t) <= q <= P(a <= t), to within one bucket; 0 where nothing was counted."""
        counts = self.counts
        levels = np.zeros(len(counts), np.float32)
        for first in range(
            0, len(counts), 256
        ):  # cumulated counts of all units at once would be as large again
            block = counts[first : first + 256]
            below = block.cumsum(axis=1)
            rank = q * below[:, -1]
            bucket = np.minimum((below < rank[:, None]).sum(axis=1), _N_BUCKETS - 1)
            at = np.arange(len(block)), bucket
            part = 1 - (below[at] - rank) / np.maximum(block[at], 1)
            level = _LOWER[bucket] + part * (_UPPER[bucket] - _LOWER[bucket])
            levels[first : first + 256] = np.where(below[:, -1] > 0, level, 0)
        return levels

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The occupied buckets, unit by unit: how many are `occupied`, then `bucket` and `count` of each."""
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
        found._counts[np.repeat(np.arange(len(occupied)), occupied), arrays["bucket"]] = arrays["count"]
        return found

    def _count_waiting(self) -> None:
        if not self._waiting:
            return
        for first in range(0, len(self._counts), _GROUP):
            last = first + _GROUP
            coarse = torch.cat([waiting[first:last] for waiting in self._waiting], dim=1)
            lowest, highest = coarse.aminmax()
            if lowest >= 0 and highest < _REFUSED:  # behind a ReLU: half of the buckets will do
                found = _bincount(coarse.clamp_(_ZERO, _ZERO + _PER_SIDE).sub_(_ZERO), _PER_SIDE + 1)
                self._counts[first:last, _PER_SIDE:] += found
            else:
                self._counts[first:last] += _bincount(_buckets_of(coarse), _N_BUCKETS + 1)[:, :_N_BUCKETS]
        self._waiting.clear()


def _coarse(
    pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None
) -> Int16[Tensor, "unit value"]:
    sizes = [piece[0].numel() for piece in pieces]
    coarse = torch.empty((len(pieces[0]), sum(sizes)), dtype=torch.int16, device=pieces[0].device)
    for index, (piece, part) in enumerate(
        zip(pieces, torch.split_with_sizes(coarse, sizes, dim=1), strict=True)
    ):
        part.copy_((piece.view(torch.int32) >> _SHIFT).flatten(1))
        if keep is not None:
            part[~keep[:, index]] = _REFUSED
    return coarse


def _buckets_of(coarse: Int16[Tensor, "unit value"]) -> Int16[Tensor, "unit value"]:
    """From 0, the lowest negative one, to 2 * _PER_SIDE; one more for what is refused."""
    ordered = coarse ^ ((coarse >> 15) & 0x3FFF)  # negative floats count downwards from -1
    above = ordered.clamp(_ZERO, _ZERO + _PER_SIDE) - _ZERO
    below = ordered.clamp_(-1 - _ZERO - _PER_SIDE, -1 - _ZERO) + (1 + _ZERO)
    return (above + below + _PER_SIDE).masked_fill_(coarse == _REFUSED, _N_BUCKETS)


def _bincount(buckets: Int16[Tensor, "unit value"], n_buckets: int) -> Int64[np.ndarray, "unit bucket"]:
    n_units = len(buckets)
    first = torch.arange(n_units, dtype=torch.int32)[:, None] * n_buckets
    found = torch.bincount((buckets + first).view(-1), minlength=n_units * n_buckets)
    return found.view(n_units, n_buckets).numpy()


def _edges() -> tuple[Float32[np.ndarray, " bucket"], Float32[np.ndarray, " bucket"]]:
    bits = (np.arange(1, _PER_SIDE + 2, dtype=np.int32) + _ZERO) << _SHIFT
    up = bits.view(np.float32)
    none = np.zeros(1, np.float32)  # the middle bucket stands for zero itself
    return np.concatenate([-up[:0:-1], none, up[:-1]]), np.concatenate([-up[-2::-1], none, up[1:]])


_LOWER, _UPPER = _edges()
