"""A small decoder that attends over a unit's regions: p(d|E), and p(d) when its memory is dropped."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from transformers import GPT2Config, GPT2LMHeadModel

from captioner.dual import Standardised
from captioner.packing import Packed
from captioner.words import MAX_TOKENS, Words

__all__ = ["DecoderShape", "Memory", "PhraseDecoder"]


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """Sizes of a decoder."""

    depths: tuple[int, ...]
    """Numbers that each depth of the backbone gives; they lie side by side in the features."""
    n_words: int
    meaning: int = 384
    """Numbers of a region's place among the phrases."""
    width: int = 256
    layers: int = 2
    heads: int = 4


class Memory(NamedTuple):
    """What the decoder attends over."""

    tokens: Float[Tensor, "unit token width"]
    present: Bool[Tensor, "unit token"]


class PhraseDecoder(nn.Module):
    """Transformers' GPT-2 blocks with cross-attention over six tokens a region.

    Five tokens are the region's features at the five depths, each with its own projection; the sixth is the
    region's place in the sentence encoder's space, which ties words never seen with a picture to what looks
    alike. One learnt token stands for no evidence: the prior.
    """

    def __init__(self, shape: DecoderShape) -> None:
        super().__init__()
        self.shape = shape
        sizes = (*shape.depths, shape.meaning)
        self.standardised = Standardised(sum(shape.depths))
        self.projections = nn.ModuleList(nn.Linear(size, shape.width) for size in sizes)
        self.kinds = nn.Parameter(torch.randn(len(sizes), shape.width) * 0.02)
        self.norm = nn.LayerNorm(shape.width)
        self.nothing = nn.Parameter(torch.randn(shape.width) * 0.02)
        self.language = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=shape.n_words,
                n_positions=MAX_TOKENS + 1,
                n_embd=shape.width,
                n_layer=shape.layers,
                n_head=shape.heads,
                add_cross_attention=True,
                bos_token_id=Words.bos,
                eos_token_id=Words.eos,
                pad_token_id=Words.pad,
            )
        )

    def remember(
        self,
        features: Float[Tensor, "unit region feature"],
        meanings: Float[Tensor, "unit region meaning"],
        present: Bool[Tensor, "unit region"],
        depths_present: Bool[Tensor, " unit"] | None = None,
    ) -> Memory:
        """Make the memory of each unit from its regions.

        `present` is false where a unit has fewer regions than the batch's most. `depths_present` is false
        for units of which only the meaning is known (training on text alone). A unit with no region gets
        the prior's memory.
        """
        parts = self.standardised(features).split(self.shape.depths, dim=-1)
        # a unit vector's numbers are small beside standardised features
        scaled = meanings * self.shape.meaning**0.5
        projected = [layer(part) for layer, part in zip(self.projections, (*parts, scaled), strict=True)]
        tokens = self.norm(torch.stack(projected, dim=2) + self.kinds)
        seen = present[:, :, None].repeat(1, 1, tokens.shape[2])
        if depths_present is not None:
            seen[:, :, :-1] &= depths_present[:, None, None]
        nothing = self.nothing.expand(len(tokens), 1, -1)
        empty = ~present.any(1, keepdim=True)
        return Memory(
            torch.cat([tokens.flatten(1, 2), nothing], 1), torch.cat([seen.flatten(1, 2), empty], 1)
        )

    def prior_memory(self, n_units: int = 1) -> Memory:
        """The memory that stands for no evidence."""
        return Memory(self.nothing.expand(n_units, 1, -1), torch.ones(n_units, 1, dtype=torch.bool))

    def token_log_probs(self, memory: Memory, packed: Packed) -> Float[Tensor, " token"]:
        """Log probability of each real token of the packed phrases, in order, in nats."""
        hidden = self.language.transformer(
            input_ids=packed.tokens,
            position_ids=packed.positions,
            attention_mask=packed.visible,
            encoder_hidden_states=memory.tokens,
            encoder_attention_mask=memory.present,
        ).last_hidden_state
        real = packed.phrase >= 0
        logits = self.language.lm_head(hidden[real])
        return -F.cross_entropy(logits, packed.targets[real], reduction="none")

    def beam(self, memory: Memory, n: int, max_tokens: int) -> Int64[Tensor, "unit n step"]:
        """The n likeliest phrases that a beam of n finds, as token numbers, likeliest first."""
        return self._generate(memory, n, max_tokens, num_beams=n, do_sample=False)

    def sample(self, memory: Memory, n: int, max_tokens: int) -> Int64[Tensor, "unit n step"]:
        """n phrases drawn from p(d|E) with torch's own random state."""
        return self._generate(memory, n, max_tokens, do_sample=True, top_k=0)

    def _generate(self, memory: Memory, n: int, max_tokens: int, **how: Any) -> Int64[Tensor, "unit n step"]:
        language: Any = self.language  # transformers' own types do not admit `generate` on this class
        start = torch.full((len(memory.tokens), 1), Words.bos)
        found: Tensor = language.generate(
            start,
            attention_mask=torch.ones_like(start),
            encoder_hidden_states=memory.tokens,
            encoder_attention_mask=memory.present,
            num_return_sequences=n,
            max_new_tokens=max_tokens,
            **how,
        )
        return found[:, 1:].reshape(len(start), n, -1)
