"""Quantiles of each unit's activations, from counts on the float's own grid.

A bucket is a float's sign, exponent and six leading mantissa bits: 64 buckets an octave from 2**-24 to
2**16 (the range of half precision) on either side of one bucket for everything smaller: 5,121 in all,
at most 1.6 % wide. Counts are integers, so any order of work gives the same ones; a sketch (KLL,
t-digest) would not.

Inside a bucket values are taken as evenly spread, but for spikes: a plain background gives every
position that sees nothing else one and the same float, and a level beside it misses the quantile by all of
them. A sample of raw values tells which floats repeat, and how much of the bucket each holds.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int16, Int64
from torch import Tensor

from milan.records import N_BINS, Histograms
from milan.statistics.values import ValueSample

__all__ = ["QuantileCounts"]

_SHIFT = 17
"""Float bits below sign, exponent and six mantissa bits; the 15 bits that remain are called coarse."""
_ZERO = ((127 - 24) << 6) - 1
"""Coarse magnitudes up to this one, just below 2**-24, count as zero."""
_PER_SIDE = 40 << 6
_N_BUCKETS = 2 * _PER_SIDE + 1
_MINUS = 1 << 14
"""The coarse sign bit."""
_NOT_FINITE = 0xFF << 6
"""Coarse magnitudes from this one on are infinite or no numbers, and do not count."""
_ON_ONE_THREAD = 30_000
"""Torch would share the search for a longer row's maximum among threads, which wait for one another."""
_WORTH_COUNTING = 1 << 14
"""Values a unit that are gathered before they are counted: fewer cost as much as clearing the buckets."""
_SPIKE = 3
"""A float that a sample holds so often in one bucket of 131,072 floats is there by no chance."""
_BLOCK = 256
"""Units finished at a time: cumulated counts of all would be as large again."""
_COUNTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="milan-counts")
"""Counts while the network computes the next layers: its own threads never keep all cores busy."""


class QuantileCounts:
    """How many activations of each unit fell into each bucket."""

    def __init__(self, n_units: int) -> None:
        self._counts = np.zeros((n_units, _N_BUCKETS), np.int64)
        self._waiting: list[Int16[np.ndarray, "unit value"]] = []
        self._counting: Future[None] | None = None

    def add(
        self, pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None = None
    ) -> None:
        """Count float32 activations in pieces of one unit axis and any strides; `keep` refuses some."""
        if not pieces:
            return
        self._waiting.append(_coarse(pieces, keep))
        if sum(coarse.shape[1] for coarse in self._waiting) >= _WORTH_COUNTING:
            self._start_counting()

    def settle(self) -> None:
        """Wait until what was begun to be counted is counted."""
        if self._counting is not None:
            self._counting.result()
            self._counting = None

    @property
    def counts(self) -> Int64[np.ndarray, "unit bucket"]:
        """Values in each bucket, lowest bucket first."""
        self._start_counting()
        self.settle()
        return self._counts

    def merge(self, other: Self) -> None:
        """Take in what another shard counted."""
        self.settle()
        self._counts += other.counts

    def quantile(self, q: float, sample: ValueSample | None = None) -> Float32[np.ndarray, " unit"]:
        """The level t with P(a < t) <= q <= P(a <= t); 0 where nothing was counted.

        To within part of a bucket; with a sample of the same activations a level in a spike is the spike's
        own float.
        """
        counts = self.counts
        levels = np.zeros(len(counts), np.float32)
        for first in range(0, len(counts), _BLOCK):
            block = counts[first : first + _BLOCK]
            below = block.cumsum(axis=1)
            rank = q * below[:, -1]
            bucket = np.minimum((below < rank[:, None]).sum(axis=1), _N_BUCKETS - 1)
            at = np.arange(len(block)), bucket
            part = 1 - (below[at] - rank) / np.maximum(block[at], 1)
            level = _LOWER[bucket] + part * (_UPPER[bucket] - _LOWER[bucket])
            if sample is not None:
                _move_to_spikes(level, bucket, part, sample.of_units(first, first + _BLOCK))
            levels[first : first + _BLOCK] = np.where(below[:, -1] > 0, level, 0)
        return levels

    def histograms(self, low: Float32[np.ndarray, " unit"], high: Float32[np.ndarray, " unit"]) -> Histograms:
        """The counts in equally wide bins between each unit's lowest and highest activation.

        A bucket counts where its middle is.
        """
        middle = (_LOWER + _UPPER) / 2
        counted = np.zeros((len(self.counts), N_BINS), np.int64)
        units, buckets = np.nonzero(self.counts)
        width = np.where(high > low, high - low, 1)
        place = np.clip((middle[buckets] - low[units]) / width[units] * N_BINS, 0, N_BINS - 1)
        np.add.at(counted, (units, place.astype(np.int64)), self.counts[units, buckets])
        return Histograms(low, high, counted)

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

    def _start_counting(self) -> None:
        self.settle()  # one count at a time: no more than two batches ever wait
        if self._waiting:
            self._counting = _COUNTER.submit(self._count, tuple(self._waiting))
            self._waiting.clear()

    def _count(self, pieces: Sequence[Int16[np.ndarray, "unit value"]]) -> None:
        coarse = pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)
        for unit, row in enumerate(torch.from_numpy(coarse)):  # its bincount takes 16 bits, numpy's widens
            for piece in row.split(_ON_ONE_THREAD):
                self._counts[unit] += _folded(torch.bincount(piece).numpy())


def _coarse(
    pieces: Sequence[Float[Tensor, "unit ..."]], keep: Bool[Tensor, "unit piece"] | None
) -> Int16[np.ndarray, "unit value"]:
    # In numpy, as every step here: torch would split each among threads that wait for one another longer
    # than they work, and for very long where other processes want the cores too.
    sizes = [piece[0].numel() for piece in pieces]
    coarse = np.empty((len(pieces[0]), sum(sizes)), np.int16)
    ends = np.cumsum(sizes).tolist()
    for index, (piece, size, end) in enumerate(zip(pieces, sizes, ends, strict=True)):
        bits = piece.cpu().numpy().view(np.uint32)
        part = coarse[:, end - size : end].reshape(bits.shape, copy=False)
        np.right_shift(bits, _SHIFT, out=part, casting="unsafe")
        if keep is not None:
            part[~keep[:, index].numpy()] = _NOT_FINITE
    return coarse


def _folded(found: Int64[np.ndarray, " coarse"]) -> Int64[np.ndarray, " bucket"]:
    """Counts of coarse values, from 0 to the largest one found, as counts of buckets."""
    counts = np.zeros(_N_BUCKETS, np.int64)
    for side, ordered in ((found[:_MINUS], counts[_PER_SIDE:]), (found[_MINUS:], counts[_PER_SIDE::-1])):
        inside = side[_ZERO : _ZERO + _PER_SIDE + 1]
        ordered[: len(inside)] += inside
        ordered[0] += side[:_ZERO].sum()
        ordered[-1] += side[_ZERO + _PER_SIDE + 1 : _NOT_FINITE].sum()
    return counts


def _buckets_of(coarse: Int16[np.ndarray, "unit value"]) -> Int16[np.ndarray, "unit value"]:
    """Bucket of each finite value, the lowest negative one from 0."""
    part = np.clip(coarse & (_MINUS - 1), _ZERO, _ZERO + _PER_SIDE) - _ZERO
    buckets: Int16[np.ndarray, "unit value"] = _PER_SIDE + np.where(coarse & _MINUS, -part, part)
    return buckets


def _move_to_spikes(
    levels: Float[np.ndarray, " unit"],
    bucket: Int64[np.ndarray, " unit"],
    part: Float[np.ndarray, " unit"],
    sample: Float32[np.ndarray, "unit value"],
) -> None:
    """Correct levels in place; `part` is the share of its bucket that a level should have at or below it."""
    inside = (_buckets_of(_coarse([torch.from_numpy(sample)], None)) == bucket[:, None]) & np.isfinite(sample)
    for unit in np.flatnonzero((bucket != _PER_SIDE) & (inside.sum(axis=1) >= _SPIKE)):
        lower, upper = float(_LOWER[bucket[unit]]), float(_UPPER[bucket[unit]])
        values = sample[unit, inside[unit]]
        floats, repeats = np.unique(values, return_counts=True)
        spikes, weights = floats[repeats >= _SPIKE], repeats[repeats >= _SPIKE] / len(values)
        # Between spikes the rest is spread evenly, as all is where there are none.
        even = 1 - weights.sum()
        held = np.concatenate([[0.0], weights.cumsum()])
        up_to = held[1:] + even * np.clip((spikes - lower) / (upper - lower), 0, 1)
        index = int(np.searchsorted(up_to, part[unit]))
        if index < len(spikes) and part[unit] > up_to[index] - weights[index]:
            levels[unit] = spikes[index]
        elif even > 0:
            levels[unit] = lower + (part[unit] - held[index]) / even * (upper - lower)


def _edges() -> tuple[Float32[np.ndarray, " bucket"], Float32[np.ndarray, " bucket"]]:
    bits = (np.arange(1, _PER_SIDE + 2, dtype=np.int32) + _ZERO) << _SHIFT
    up = bits.view(np.float32)
    none = np.zeros(1, np.float32)  # the middle bucket stands for zero itself
    return np.concatenate([-up[:0:-1], none, up[:-1]]), np.concatenate([-up[-2::-1], none, up[1:]])


_LOWER, _UPPER = _edges()
