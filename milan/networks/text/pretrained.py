"""`hf:DIR_OR_ID`: encoders and decoders of transformers, with their tokenizer."""

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn

from milan.errors import NetworkError
from milan.networks.sources.transformers import load_pretrained

__all__ = ["Pretrained", "open_pretrained", "source_of"]

_LONGEST = 4096
"""Tokens that a network reads which states no length of its own: attention needs memory by their square."""


class Pretrained(NamedTuple):
    """A network without its head, and how it reads."""

    module: nn.Module
    tokenizer: Any
    longest: int
    """Tokens of a sentence, marks around it included."""


def open_pretrained(target: str, *, untrained: bool) -> Pretrained:
    """Of an encoder-decoder, the encoder. A `.gguf` file in a folder is opened too, with the package gguf.

    NetworkError for what cannot be opened, or cannot say which token is of which word.
    """
    import transformers

    makers: Any = transformers
    target, options = source_of(target)
    config = load_pretrained(makers.AutoConfig, target, **options)
    tokenizer = load_pretrained(makers.AutoTokenizer, target, add_prefix_space=True, **options)
    if not tokenizer.is_fast:
        raise NetworkError(f"hf:{target}: its tokenizer does not say which token is of which word")
    if untrained:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            module = makers.AutoModel.from_config(config)
    else:
        module = load_pretrained(makers.AutoModel, target, **options)
    if getattr(config, "is_encoder_decoder", False):
        module = module.get_encoder()
    if module.main_input_name != "input_ids":
        raise NetworkError(f"hf:{target} reads {module.main_input_name}, not text")
    module.config.use_cache = False  # nothing goes on from what is read
    return Pretrained(module, tokenizer, _longest(module, tokenizer))


def source_of(target: str) -> tuple[str, dict[str, Any]]:
    """What transformers asks for: a folder or an id, and for a `.gguf` file its name in the folder.

    >>> source_of("models/small.gguf")
    ('models', {'gguf_file': 'small.gguf'})
    """
    if target.endswith(".gguf"):
        return str(Path(target).parent), {"gguf_file": Path(target).name}
    return target, {}


def _longest(module: nn.Module, tokenizer: Any) -> int:
    """The longest input that both the tokenizer and the positions of the network allow."""
    told = [tokenizer.model_max_length, getattr(module.config, "max_position_embeddings", None)]
    for path, part in module.named_modules():
        if path.endswith("position_embeddings") and getattr(part, "padding_idx", None) is not None:
            told.append(part.num_embeddings - part.padding_idx - 1)  # they count from behind the padding's
    stated = [int(length) for length in told if length and length < 10**6]  # a huge one means none
    return min(stated, default=_LONGEST)
