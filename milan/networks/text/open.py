"""Opening a network that reads text by its spec."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from torch import Tensor, nn

from milan.errors import NetworkError, UsageError
from milan.networks.open import default_name, device_of
from milan.networks.registry import Request, known_schemes
from milan.networks.sources import open_factory
from milan.networks.text.layers import Forward, find_layers
from milan.networks.text.network import TextNetwork
from milan.networks.text.pretrained import open_pretrained
from milan.networks.text.tokens import Encoded, blank_between, encode_by_module, encode_pretrained
from milan.networks.weights import load_weights

__all__ = ["open_text_network"]


def open_text_network(
    spec: str, *, weights: Path | str | None = None, name: str | None = None, device: str = "cpu"
) -> TextNetwork:
    """Open `hf:DIR_OR_ID`, or a module of one's own by `package.module:factory`.

    A module of one's own says how it reads by a method `encode(words)`, which returns the tokens of a
    sentence and each word's span among them (`encode_each` writes it in a line), and runs on tokens
    [sentence, token]:

        class Tagger(nn.Module):
            def encode(self, words): return encode_each(lambda word: [self.vocabulary[word]], words)
            def forward(self, tokens): return self.lstm(self.embed(tokens))

    `weights` is a file instead of the source's own, or the word `random`. Raises UsageError for a spec that
    cannot be understood, and NetworkError for anything else that keeps the network from opening.
    """
    scheme, colon, target = spec.partition(":")
    if not colon or not target:
        raise UsageError(f"a network that reads text is hf:DIR_OR_ID or package.module:factory; got {spec!r}")
    if scheme in known_schemes() and scheme != "hf":
        raise UsageError(
            f"{spec} sees pictures: one that reads text is hf:DIR_OR_ID or package.module:factory"
        )
    untrained = str(weights) == "random"
    where = device_of(device)
    module: nn.Module
    encode: Callable[[Sequence[str]], Encoded]
    forward: Forward
    if scheme == "hf":
        module, tokenizer, longest = open_pretrained(target, untrained=untrained)
        encode = partial(encode_pretrained, tokenizer, longest, blank_between(tokenizer))
        forward = partial(_run_pretrained, module)
    else:
        module = open_factory(Request(spec, None, untrained, None)).module
        own = getattr(module, "encode", None)
        if not callable(own):
            raise NetworkError(
                f"{spec}: a network that reads text has a method encode(words), which returns the tokens of "
                "a sentence and each word's span among them"
            )
        encode = partial(encode_by_module, own)
        forward = partial(_run_own, module)
    if weights is not None and not untrained:
        load_weights(module, Path(weights))
    module.requires_grad_(False).eval().to(where)
    nn.Module.float(module)  # a module read from .gguf is float32 already, and its own `float` refuses
    layers = find_layers(module, forward, where)
    return TextNetwork(name or default_name(spec), spec, module, where, layers, encode, forward)


def _run_pretrained(module: nn.Module, tokens: Tensor, mask: Tensor) -> object:
    return module(input_ids=tokens, attention_mask=mask)


def _run_own(module: nn.Module, tokens: Tensor, mask: Tensor) -> object:
    return module(tokens)
