"""The head of a language model around the very module whose units are looked at."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float32

from milan.networks.sources.transformers import load_pretrained
from milan.networks.text.network import TextNetwork

__all__ = ["Foretold", "LanguageModel", "language_model_of"]

_HEADED = ("ForCausalLM", "LMHeadModel")


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
    trained = next(iter(getattr(config, "architectures", None) or ()), "")
    if scheme != "hf" or target.endswith(".gguf") or not trained.endswith(_HEADED):
        return None
    import transformers

    makers: Any = transformers
    headed = load_pretrained(makers.AutoModelForCausalLM, target).requires_grad_(False).eval().float()
    if not isinstance(getattr(headed, headed.base_model_prefix, None), type(network.module)):
        return None  # a trunk of another make: its head reads something else
    setattr(headed, headed.base_model_prefix, network.module)
    tokenizer = load_pretrained(makers.AutoTokenizer, target)
    return LanguageModel(headed.to(network.device), tokenizer, network.device)
