"""From activations of tokens to one activation a word."""

from collections.abc import Sequence
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["Subwords", "words_of"]

Subwords = Literal["last", "first", "average"]


def words_of(
    tokens: Float[Tensor, "sentence token unit"],
    spans: Sequence[Sequence[tuple[int, int] | None]],
    how: Subwords,
    n_backward: int = 0,
) -> Float[Tensor, "word unit"]:
    """The words of some sentences in order, each by its last token, its first, or the mean of all.

    Units that read from the end have seen the whole of a word at its first token: for them first and last
    change places, so that `last` always is the state after the word. Words without a span are left out.
    """
    length, n_units = tokens.shape[1:]
    flat = tokens.reshape(-1, n_units)
    bounds = torch.tensor(
        [
            (row * length + span[0], row * length + span[1] - 1)
            for row, sentence in enumerate(spans)
            for span in sentence
            if span is not None
        ],
        device=tokens.device,
    )
    if how == "average":
        sizes = bounds[:, 1] - bounds[:, 0] + 1
        word = torch.repeat_interleave(torch.arange(len(bounds), device=tokens.device), sizes)
        within = torch.arange(len(word), device=tokens.device) - (sizes.cumsum(0) - sizes)[word]
        total = flat.new_zeros(len(bounds), n_units).index_add_(0, word, flat[bounds[word, 0] + within])
        return total / sizes[:, None]
    first, last = bounds.T
    after, before = (last, first) if how == "last" else (first, last)
    n_forward = n_units - n_backward
    return torch.cat([flat[after, :n_forward], flat[before, n_forward:]], 1)
