"""A small attentive translation network whose encoder units are all that its decoder knows of a sentence.

Two layers of LSTM read the sentence from left to right, as in Bau et al. (ICLR 2019). The decoder's first
layer attends to what the second one emitted for each token (Luong et al., 2015), and its second layer reads
what was found. Its states begin with a function of the mean of the same activations: no state is handed
over beside them, so that an edit of the encoder's units is an edit of everything that crosses over.
"""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from milan.translation.vocabulary import PAD

__all__ = ["Decoding", "Memory", "TranslationNetwork", "TranslationSizes"]

State = tuple[Float[Tensor, "1 sentence unit"], Float[Tensor, "1 sentence unit"]]


@dataclass(frozen=True, slots=True)
class TranslationSizes:
    """What the network's weights have for shapes."""

    n_source: int
    """Tokens of the language that is read."""
    n_target: int
    """Tokens of the language that is written."""
    n_embedding: int = 192
    n_units: int = 256
    """Units of each LSTM layer."""

    def as_card(self) -> dict[str, int]:
        """The same by name, for a card."""
        return asdict(self)


class Memory(NamedTuple):
    """What the decoder reads of sentences."""

    units: Float[Tensor, "sentence token unit"]
    keys: Float[Tensor, "sentence token unit"]
    there: Bool[Tensor, "sentence token"]
    """False behind a sentence's end."""


class Decoding(NamedTuple):
    """Where the decoder stands between two tokens."""

    lower: State
    upper: State


class TranslationNetwork(nn.Module):
    """Layers `encoder.0`, `encoder.1`, `decoder.0` and `decoder.1` are LSTMs of `n_units` units."""

    def __init__(self, sizes: TranslationSizes, dropout: float = 0.0) -> None:
        super().__init__()
        n_units, n_embedding = sizes.n_units, sizes.n_embedding
        self.sizes = sizes
        self.source = nn.Embedding(sizes.n_source, n_embedding, padding_idx=PAD)
        self.target = nn.Embedding(sizes.n_target, n_embedding, padding_idx=PAD)
        self.encoder = nn.ModuleList(
            nn.LSTM(n_inputs, n_units, batch_first=True) for n_inputs in (n_embedding, n_units)
        )
        self.decoder = nn.ModuleList(
            nn.LSTM(n_inputs, n_units, batch_first=True) for n_inputs in (n_embedding, 2 * n_units)
        )
        self.begin = nn.Linear(n_units, 2 * n_units)
        self.keys = nn.Linear(n_units, n_units, bias=False)
        self.joined = nn.Linear(2 * n_units, n_embedding)
        self.bias = nn.Parameter(torch.zeros(sizes.n_target))
        self.dropout = nn.Dropout(dropout)

    def encode(self, tokens: Int64[Tensor, "sentence token"]) -> Memory:
        """Read sentences, the shorter ones filled up with PAD; what stands behind an end reaches nothing."""
        emitted: Tensor = self.dropout(self.source(tokens))
        for layer in self.encoder:
            emitted = self.dropout(layer(emitted)[0])
        return Memory(emitted, self.keys(emitted), tokens != PAD)

    def start(self, memory: Memory) -> Decoding:
        """The decoder's states before its first token."""
        there = memory.there.unsqueeze(2).to(memory.units.dtype)
        mean = (memory.units * there).sum(1) / there.sum(1).clamp(min=1)
        states = torch.tanh(self.begin(mean)).unsqueeze(0).chunk(2, dim=2)
        lower, upper = (state.contiguous() for state in states)
        return Decoding((lower, torch.zeros_like(lower)), (upper, torch.zeros_like(upper)))

    def decode(
        self, tokens: Int64[Tensor, "sentence written"], memory: Memory, state: Decoding
    ) -> tuple[Float[Tensor, "sentence written output"], Float[Tensor, "sentence written token"], Decoding]:
        """Go on from a state over some tokens.

        Answers with the logits of what follows each of them, how much was attended to each token that was
        read (sums to 1), and the state behind the last.
        """
        asking, lower = self.decoder[0](self.dropout(self.target(tokens)), state.lower)
        asking = self.dropout(asking)
        scores = torch.bmm(asking, memory.keys.transpose(1, 2)) / self.sizes.n_units**0.5
        attention = scores.masked_fill(~memory.there.unsqueeze(1), float("-inf")).softmax(2)
        found = torch.bmm(attention.to(memory.units.dtype), memory.units)
        told, upper = self.decoder[1](torch.cat([asking, found], 2), state.upper)
        joined = torch.tanh(self.joined(torch.cat([self.dropout(told), found], 2)))
        logits = nn.functional.linear(self.dropout(joined), self.target.weight, self.bias)
        return logits, attention, Decoding(lower, upper)

    def forward(
        self, tokens: Int64[Tensor, "sentence token"], written: Int64[Tensor, "sentence written"]
    ) -> Float[Tensor, "sentence written output"]:
        """Logits of what follows each token of translations that are given."""
        memory = self.encode(tokens)
        return self.decode(written, memory, self.start(memory))[0]
