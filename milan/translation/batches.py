"""Sentences of tokens side by side, the shorter ones filled up."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from milan.translation.vocabulary import BEGIN, END, PAD

__all__ = ["Batch", "filled_up", "training_batches"]

_FREEDOM = 2
"""Tokens by which the length that sorts sentences varies by chance, so that batches are new every time."""


class Batch(NamedTuple):
    """Sentences of about the same length, filled up with PAD."""

    read: Int64[Tensor, "sentence token"]
    """With END."""
    given: Int64[Tensor, "sentence step"]
    """What the decoder is given: BEGIN and the translation."""
    wanted: Int64[Tensor, "sentence step"]
    """What is to follow: the translation and END."""


def filled_up(sentences: Sequence[Sequence[int]]) -> Int64[Tensor, "sentence token"]:
    """Sentences of tokens as one tensor, the shorter ones with PAD at their end."""
    tokens = torch.full((len(sentences), max(map(len, sentences))), PAD)
    for row, sentence in enumerate(sentences):
        tokens[row, : len(sentence)] = torch.tensor(sentence, dtype=torch.int64)
    return tokens


def training_batches(
    source: Sequence[Sequence[int]],
    target: Sequence[Sequence[int]],
    size: int,
    shuffler: np.random.Generator,
) -> Iterator[Batch]:
    """All sentences once, in batches of about equal length, so that little is filled up, in random order."""
    noise = shuffler.uniform(0, 1, len(source))
    length = (np.array([len(tokens) for tokens in target]) + _FREEDOM * noise).round()
    order = np.lexsort((noise, np.array([len(tokens) for tokens in source]), length))
    starts = np.arange(0, len(order), size)
    shuffler.shuffle(starts)
    for start in starts.tolist():
        chosen = order[start : start + size].tolist()
        yield Batch(
            filled_up([[*source[row], END] for row in chosen]),
            filled_up([[BEGIN, *target[row]] for row in chosen]),
            filled_up([[*target[row], END] for row in chosen]),
        )
