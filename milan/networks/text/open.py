"""Opening a network that reads text by its spec."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from torch import Tensor

from milan.errors import NetworkError, UsageError
from milan.networks.open import default_name, device_of
from milan.networks.registry import Request
from milan.networks.sources import open_factory
from milan.networks.text.network import Encoded, TextNetwork
from milan.networks.text.pretrained import (
    blocks_of,
    encode_words,
    most_tokens,
    open_pretrained,
    run_transformer,
)
from milan.networks.text.recurrent import encode_each, recurrent_layers, run_plain
from milan.networks.weights import load_weights

__all__ = ["open_text_network"]


def open_text_network(
    spec: str, *, weights: Path | str | None = None, name: str | None = None, device: str = "cpu"
) -> TextNetwork:
    """Open `hf:DIR_OR_ID`, or `package.module:factory` for a module made of recurrent ones.

    `weights` is a file instead of the source's own, or the word `random`. Raises UsageError for a spec that
    cannot be understood, and NetworkError for anything else that keeps the network from opening.
    """
    scheme, colon, target = spec.partition(":")
    if not colon or not target:
        raise UsageError(f"a network that reads text is hf:DIR_OR_ID or package.module:factory; got {spec!r}")
    untrained = str(weights) == "random"
    where = device_of(device)
    called = name or default_name(spec)
    encode: Callable[[Sequence[str]], Encoded]
    forward: Callable[[Tensor, Tensor], object]
    if scheme == "hf":
        module, tokenizer = open_pretrained(target, untrained=untrained)
        layers = blocks_of(module)
        encode = partial(encode_words, tokenizer, most_tokens(module, tokenizer))
        forward, pads = partial(run_transformer, module), True
    else:
        module = open_factory(Request(spec, None, untrained, None)).module
        layers = recurrent_layers(module)
        encode_word = getattr(module, "encode_word", None)
        if not callable(encode_word):
            raise NetworkError(f"{spec}: give the module a method encode_word(word) that returns its tokens")
        encode = partial(encode_each, encode_word)
        forward, pads = partial(run_plain, module), False
    if weights is not None and not untrained:
        load_weights(module, Path(weights))
    module.requires_grad_(False).eval().float().to(where)
    return TextNetwork(called, spec, module, where, tuple(layers), encode, forward, pads)
