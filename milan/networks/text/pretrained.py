"""`hf:DIR_OR_ID`: encoders and decoders of transformers, with their tokenizer."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from milan.errors import NetworkError
from milan.networks.sources.transformers import load_pretrained
from milan.networks.text.network import Encoded, TextLayer

__all__ = ["blocks_of", "encode_words", "most_tokens", "open_pretrained", "run_transformer"]

_UNLIMITED = 10**6
"""Tokenizers that know no greatest length state a huge one."""


def open_pretrained(target: str, *, untrained: bool) -> tuple[nn.Module, Any]:
    """The network without its head, and its tokenizer; NetworkError for what cannot be opened."""
    import transformers

    makers: Any = transformers
    config = load_pretrained(makers.AutoConfig, target)
    tokenizer = load_pretrained(makers.AutoTokenizer, target, add_prefix_space=True)
    if not tokenizer.is_fast:
        raise NetworkError(f"hf:{target}: its tokenizer does not say which token is of which word")
    if untrained:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            module = makers.AutoModel.from_config(config)
    else:
        module = load_pretrained(makers.AutoModel, target)
    if getattr(config, "is_encoder_decoder", False):
        module = module.get_encoder()
    return module, tokenizer


def blocks_of(module: nn.Module) -> list[TextLayer]:
    """The list of equal blocks that a transformer is made of: the longest one; NetworkError without any."""
    lists = [
        (path, part) for path, part in module.named_modules() if isinstance(part, nn.ModuleList) and len(part)
    ]
    width = getattr(getattr(module, "config", None), "hidden_size", None)
    if not lists or width is None:
        raise NetworkError(f"{type(module).__name__} is not made of a list of blocks: open it by a factory")
    path, blocks = max(lists, key=lambda one: len(one[1]))
    return [TextLayer(f"{path}.{number}", width) for number in range(len(blocks))]


def run_transformer(module: nn.Module, tokens: Tensor, mask: Tensor) -> object:
    """One pass over padded sentences."""
    return module(input_ids=tokens, attention_mask=mask)


def encode_words(tokenizer: Any, most: int, words: Sequence[str]) -> Encoded:
    """Tokens of a sentence with the network's own marks around; words that do not fit are cut off whole."""
    kept = len(words)
    while True:
        coded = tokenizer(list(words[:kept]), is_split_into_words=True)
        owners = coded.word_ids()
        if len(owners) <= most or kept == 0:
            break
        first_out = owners[max(0, most - _marks_behind(owners))]
        kept = min(kept - 1, first_out or 0)  # a word that is cut in two is left out whole
    spans: list[tuple[int, int] | None] = [None] * len(words)
    for place, owner in enumerate(owners):
        if owner is not None:
            first = spans[owner]
            spans[owner] = (place if first is None else first[0], place + 1)
    return Encoded(tuple(coded["input_ids"]), tuple(spans), len(words) - kept)


def most_tokens(module: nn.Module, tokenizer: Any) -> int:
    """The longest input that both the tokenizer and the positions of the network allow."""
    told = [tokenizer.model_max_length, getattr(module.config, "max_position_embeddings", None)]
    return int(min((length for length in told if length and length < _UNLIMITED), default=_UNLIMITED))


def _marks_behind(owners: Sequence[int | None]) -> int:
    """How many tokens at the end belong to no word."""
    n = 0
    while n < len(owners) and owners[-1 - n] is None:
        n += 1
    return n
