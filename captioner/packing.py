"""Many phrases of one unit as one sequence, so that the unit's evidence is attended to once."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int64
from torch import Tensor

from captioner.words import Words

__all__ = ["Packed", "pack"]


class Packed(NamedTuple):
    """Phrases of a batch of units, laid end to end.

    Each phrase starts with `<bos>` at position 0 and sees only itself, so its likelihood is the same as
    alone.
    """

    tokens: Int64[Tensor, "unit step"]
    positions: Int64[Tensor, "unit step"]
    targets: Int64[Tensor, "unit step"]
    """The token that follows each one."""
    phrase: Int64[Tensor, "unit step"]
    """Running number of the phrase over the whole batch, -1 where padded."""
    visible: Bool[Tensor, "unit 1 step step"]
    """Which earlier steps each step sees."""
    n_phrases: int


def pack(phrases: Sequence[Sequence[Sequence[int]]]) -> Packed:
    """Lay out each unit's phrases, given as token numbers that end with `<eos>`.

    >>> pack([[[7, 2], [8, 2]]]).tokens.tolist()
    [[1, 7, 1, 8]]
    """
    longest = max(1, *(sum(map(len, own)) for own in phrases))
    tokens, positions, targets = (torch.zeros(len(phrases), longest, dtype=torch.long) for _ in range(3))
    phrase = torch.full((len(phrases), longest), -1)
    n_phrases = 0
    for unit, own in enumerate(phrases):
        start = 0
        for numbers in own:
            end = start + len(numbers)
            tokens[unit, start:end] = torch.tensor([Words.bos, *numbers[:-1]])
            targets[unit, start:end] = torch.tensor(numbers)
            positions[unit, start:end] = torch.arange(len(numbers))
            phrase[unit, start:end] = n_phrases
            n_phrases += 1
            start = end
    same = phrase[:, :, None] == phrase[:, None, :]
    causal = torch.ones(longest, longest, dtype=torch.bool).tril()
    return Packed(tokens, positions, targets, phrase, (same & causal)[:, None], n_phrases)
