"""Texts as batches of numbers: short chunks to learn from, whole lines to read."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from milan.transliteration.romanise import Aligned
from milan.transliteration.vocabulary import PAD, Vocabulary

__all__ = ["Batch", "chunks", "equal_batches", "training_batches"]

_POOL = 50
"""Batches whose chunks are sorted by length together: little is filled up, and lengths come mixed."""


class Batch(NamedTuple):
    """Codes of some texts."""

    inputs: Int64[Tensor, "text position"]
    outputs: Int64[Tensor, "text position"]


def chunks(text: Aligned, longest: int) -> Iterator[Aligned]:
    """Pieces of at most so many characters, cut behind a blank where there is one.

    >>> [piece.latin for piece in chunks(Aligned("one two", "one two"), 5)]
    ['one ', 'two']
    """
    start = 0
    while start < len(text.latin):
        end = start + longest
        if end < len(text.latin):
            end = text.latin.rfind(" ", start, end) + 1 or end
        yield Aligned(text.latin[start:end], text.letters[start:end])
        start = end


def training_batches(
    texts: Sequence[Aligned], vocabulary: Vocabulary, size: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """All texts once, in a new order, filled up with `PAD` within a batch."""
    order = rng.permutation(len(texts)).tolist()
    for start in range(0, len(order), size * _POOL):
        pool = sorted(order[start : start + size * _POOL], key=lambda number: len(texts[number].latin))
        groups = [pool[first : first + size] for first in range(0, len(pool), size)]
        for place in rng.permutation(len(groups)).tolist():
            yield _encoded([texts[number] for number in groups[place]], vocabulary)


def equal_batches(lengths: Sequence[int], most: int = 8192) -> Iterator[list[int]]:
    """Numbers of texts of one length each, so that nothing is filled up; so many characters a batch at most.

    >>> list(equal_batches([2, 3, 2]))
    [[0, 2], [1]]
    """
    of_length: dict[int, list[int]] = {}
    for number, length in enumerate(lengths):
        of_length.setdefault(length, []).append(number)
    for length in sorted(of_length):
        numbers, size = of_length[length], max(1, most // max(length, 1))
        for start in range(0, len(numbers), size):
            yield numbers[start : start + size]


def _encoded(texts: Sequence[Aligned], vocabulary: Vocabulary) -> Batch:
    longest = max(len(text.latin) for text in texts)
    return Batch(
        torch.from_numpy(
            np.stack([vocabulary.encode_inputs(text.latin.ljust(longest, PAD)) for text in texts])
        ),
        torch.from_numpy(
            np.stack([vocabulary.encode_outputs(text.letters.ljust(longest, PAD)) for text in texts])
        ),
    )
