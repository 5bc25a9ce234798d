"""An opened network that reads text: how it cuts words into tokens, and what its layers do with them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from milan.errors import NetworkError, UnknownName
from milan.networks.layers import named_tensors
from milan.networks.weights import hash_weights

__all__ = ["Encoded", "TextLayer", "TextNetwork"]


class Encoded(NamedTuple):
    """One sentence as the network reads it."""

    tokens: tuple[int, ...]
    spans: tuple[tuple[int, int] | None, ...]
    """First token of each word and the one behind its last; None for a word that became no token, or was
    cut off.
    """
    n_cut: int
    """Words at the end that the network's length had no place for."""


class TextLayer(NamedTuple):
    """A place whose units are read."""

    name: str
    """Module path, as in `named_modules`."""
    n_units: int
    n_backward: int = 0
    """So many of the last units read the text from its end."""
    batch_first: bool = True


@dataclass(eq=False)
class TextNetwork:
    """A network ready to read: evaluation mode, no gradients, on its device."""

    name: str
    spec: str
    module: nn.Module = field(repr=False)
    device: torch.device
    layers: tuple[TextLayer, ...]
    """In the order of the forward pass."""
    encode: Callable[[Sequence[str]], Encoded] = field(repr=False)
    """Cut one sentence of words into tokens."""
    forward: Callable[[Int64[Tensor, "sentence token"], Int64[Tensor, "sentence token"]], object] = field(
        repr=False
    )
    """Run tokens, with a mask of those that are there."""
    pads: bool = True
    """Whether sentences of unlike length may be run together, the shorter ones filled up at their end."""
    notes: tuple[str, ...] = ()

    @cached_property
    def weights_hash(self) -> str:
        """sha256 over names, shapes, types and bytes of all parameters and buffers."""
        return hash_weights(self.module)

    def chosen(self, names: Iterable[str]) -> tuple[TextLayer, ...]:
        """Layers by name, all without names; UnknownName with the nearest one."""
        known = {layer.name: layer for layer in self.layers}
        for name in names:
            if name not in known:
                raise UnknownName("layer", name, known, f"{self.spec} has {', '.join(known)}")
        return tuple(layer for layer in self.layers if not names or layer.name in names)

    def run(
        self, sentences: Sequence[Sequence[int]], layers: Sequence[TextLayer]
    ) -> dict[str, Float[Tensor, "sentence token unit"]]:
        """What layers emit for sentences of tokens; what stands behind a shorter one means nothing."""
        longest = max(map(len, sentences))
        tokens = torch.zeros((len(sentences), longest), dtype=torch.int64)
        mask = torch.zeros_like(tokens)
        for row, sentence in enumerate(sentences):
            tokens[row, : len(sentence)] = torch.tensor(sentence)
            mask[row, : len(sentence)] = 1
        heard: dict[str, Tensor] = {}
        with ExitStack() as hooks, torch.inference_mode():
            for layer in layers:

                def listen(
                    module: nn.Module, arguments: object, output: object, layer: TextLayer = layer
                ) -> None:
                    emitted = next(iter(named_tensors(layer.name, output)))[1]
                    heard.setdefault(layer.name, emitted if layer.batch_first else emitted.transpose(0, 1))

                hooks.callback(self.module.get_submodule(layer.name).register_forward_hook(listen).remove)
            self.forward(tokens.to(self.device), mask.to(self.device))
        for layer in layers:
            shape = tuple(heard[layer.name].shape) if layer.name in heard else None
            if shape != (*tokens.shape, layer.n_units):
                raise NetworkError(
                    f"layer {layer.name} emitted {shape} for {tuple(tokens.shape)} tokens, where one row of "
                    f"{layer.n_units} units a token was expected"
                )
        return heard
