"""The head of a language model around the very module whose units are looked at."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float32, Float64
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from milan.networks.sources.transformers import load_pretrained
from milan.networks.text.network import TextNetwork
from milan.networks.text.pretrained import source_of

__all__ = ["Foretold", "LanguageModel", "language_model_of"]

_HEADED = ("ForCausalLM", "LMHeadModel")
_TOGETHER = 16
"""Sentences: the logits of all their tokens are held at once."""


class Foretold(NamedTuple):
    """What a language model made of some tokens."""

    nats: float
    """What all tokens but the first cost, each after those before it."""
    after: Float32[np.ndarray, " token"]
    """Chance of each token to come next."""


class LanguageModel:
    """Foretells tokens; what is changed in the network's module meanwhile changes what it says."""

    def __init__(self, headed: Any, tokenizer: Any, device: torch.device) -> None:
        self._headed, self._tokenizer, self._device = headed, tokenizer, device

    def foretell(self, tokens: Sequence[int]) -> Foretold:
        """Run one sentence of tokens."""
        given = torch.tensor([list(tokens)], device=self._device)
        with torch.inference_mode():
            logits = self._headed(input_ids=given, use_cache=False).logits[0].float()
        costs = torch.nn.functional.cross_entropy(logits[:-1], given[0, 1:], reduction="sum")
        return Foretold(float(costs), logits[-1].softmax(0).cpu().numpy())

    def foretold(self, sentences: Sequence[Sequence[int]]) -> Float64[np.ndarray, "sentence 3"]:
        """Counts of each sentence but its first token: nats, tokens that would have been said, tokens.

        Summed over sentences they give perplexity and accuracy. A few sentences of like length run together:
        what stands behind a sentence's end cannot be seen from within it.
        """
        counts = np.zeros((len(sentences), 3))
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
        for start in range(0, len(order), _TOGETHER):
            rows = order[start : start + _TOGETHER]
            counts[rows] = self._counted([torch.tensor(sentences[row]) for row in rows])
        return counts

    def _counted(self, sentences: list[Tensor]) -> Float64[np.ndarray, "some 3"]:
        given = pad_sequence(sentences, batch_first=True).to(self._device)
        lengths = torch.tensor([len(sentence) for sentence in sentences], device=self._device)
        is_there = torch.arange(given.shape[1], device=self._device) < lengths[:, None]
        with torch.inference_mode():
            found = self._headed(input_ids=given, attention_mask=is_there.long(), use_cache=False)
        logits, wanted, counted = found.logits[:, :-1].float(), given[:, 1:], is_there[:, 1:]
        nats = torch.nn.functional.cross_entropy(logits.transpose(1, 2), wanted, reduction="none")
        right = logits.argmax(2) == wanted
        sums = [(part * counted).sum(1) for part in (nats.double(), right, torch.ones_like(right))]
        return torch.stack([one.double() for one in sums], dim=1).cpu().numpy()

    def token(self, number: int) -> str:
        """A token as text, its blanks included."""
        return str(self._tokenizer.decode([number]))


def language_model_of(network: TextNetwork) -> LanguageModel | None:
    """The model that a network from transformers is the trunk of; None when it was trained without a head.

    The head comes from where the network came from; between its words stands the network's own module, so
    that nothing is held twice. NetworkError when the head cannot be opened.
    """
    scheme, _, target = network.spec.partition(":")
    config: Any = getattr(network.module, "config", None)
    if scheme != "hf" or not _foretells(config):
        return None
    import transformers

    makers: Any = transformers
    target, options = source_of(target)
    headed = load_pretrained(makers.AutoModelForCausalLM, target, **options).requires_grad_(False).eval()
    nn.Module.float(headed)  # a model read from .gguf is float32 already, and its own `float` refuses
    if not isinstance(getattr(headed, headed.base_model_prefix, None), type(network.module)):
        return None  # a trunk of another make: its head reads something else
    setattr(headed, headed.base_model_prefix, network.module)
    tokenizer = load_pretrained(makers.AutoTokenizer, target, **options)
    return LanguageModel(headed.to(network.device), tokenizer, network.device)


def _foretells(config: Any) -> bool:
    """Whether a network was trained to foretell; a `.gguf` file does not say, so its kind of network must."""
    trained = next(iter(getattr(config, "architectures", None) or ()), None)
    if trained is not None:
        return str(trained).endswith(_HEADED)
    import transformers

    kinds: Any = transformers
    kind = type(config)
    return kind in kinds.MODEL_FOR_CAUSAL_LM_MAPPING and kind not in kinds.MODEL_FOR_MASKED_LM_MAPPING
