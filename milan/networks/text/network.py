"""An opened network that reads text: how it cuts words into tokens, and what its layers do with them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from milan.errors import NetworkError, UnknownName
from milan.networks.layers import module_path, named_tensors
from milan.networks.text.gates import Gates, GruGates
from milan.networks.text.layers import Forward, TextLayer, inner_of
from milan.networks.text.padding import knows_padding, to_own_end
from milan.networks.text.recording import record_gates
from milan.networks.text.tokens import Encoded
from milan.networks.weights import hash_weights

__all__ = ["TextNetwork"]


@dataclass(eq=False)
class TextNetwork:
    """A network ready to read: evaluation mode, no gradients, on its device."""

    name: str
    spec: str
    module: nn.Module = field(repr=False)
    device: torch.device
    layers: tuple[TextLayer, ...] = field(repr=False)
    """All, in the order of the forward pass."""
    encode: Callable[[Sequence[str]], Encoded] = field(repr=False)
    """Cut one sentence of words into tokens."""
    forward: Forward = field(repr=False)

    @cached_property
    def weights_hash(self) -> str:
        """sha256 over names, shapes, types and bytes of all parameters and buffers."""
        return hash_weights(self.module)

    @cached_property
    def pads(self) -> bool:
        """Whether sentences of unlike length may run together; found by trying it, once."""
        return knows_padding(self.module, lambda sentences: self.run(sentences, self.layers))

    def layer(self, name: str) -> TextLayer:
        """The layer of this name; UnknownName with the nearest one."""
        return self.chosen([name])[0]

    def chosen(self, names: Collection[str] = ()) -> tuple[TextLayer, ...]:
        """Layers by name, those worth describing without names; UnknownName with the nearest one."""
        known = [layer.name for layer in self.layers]
        for name in names:
            if name not in known:
                raise UnknownName("layer", name, known, f"List them: milan text layers {self.spec}")
        return tuple(
            layer for layer in self.layers if (layer.name in names if names else layer.worth_describing)
        )

    def run(
        self, sentences: Sequence[Sequence[int]], layers: Sequence[TextLayer]
    ) -> dict[str, Float[Tensor, "sentence token unit"]]:
        """What layers emit for sentences of tokens; what stands behind a shorter one means nothing.

        Sentences of unlike length give what each gives alone only if `pads`. A module that runs several times
        is heard at its first run. NetworkError when a layer emits something else than one row a token.
        """
        lengths = torch.tensor([len(sentence) for sentence in sentences])
        tokens = pad_sequence([torch.tensor(sentence) for sentence in sentences], batch_first=True)
        mask = (torch.arange(tokens.shape[1]) < lengths[:, None]).long()
        heard: dict[str, Tensor] = {}
        with ExitStack() as hooks, torch.inference_mode():
            hooks.enter_context(to_own_end(self.module, lengths))
            by_module = groupby(sorted(layers, key=lambda one: one.name), lambda one: module_path(one.name))
            for path, own in by_module:
                hooks.enter_context(_listening(self.module.get_submodule(path), list(own), lengths, heard))
            self.forward(tokens.to(self.device), mask.to(self.device))
        for layer in layers:
            shape = tuple(heard[layer.name].shape) if layer.name in heard else None
            if shape != (*tokens.shape, layer.n_units):
                raise NetworkError(
                    f"layer {layer.name} emitted {shape} for {tuple(tokens.shape)} tokens, where one row of "
                    f"{layer.n_units} units a token was expected"
                )
        return heard


@contextmanager
def _listening(
    part: nn.Module, layers: Sequence[TextLayer], lengths: Tensor, heard: dict[str, Tensor]
) -> Iterator[None]:
    """Write down what the layers of one module emit, at its first run."""

    def hear_inner(gates: Gates | GruGates) -> None:
        for layer in layers:
            if (inner := inner_of(layer.name)) is not None:
                heard.setdefault(layer.name, getattr(gates, inner))

    def hear(module: nn.Module, arguments: object, output: object) -> None:
        for layer in layers:
            if inner_of(layer.name) is None:
                emitted = next(tensor for _, tensor in named_tensors(layer.name, output))
                heard.setdefault(layer.name, emitted if layer.batch_first else emitted.transpose(0, 1))

    with ExitStack() as hooks:
        hooks.callback(part.register_forward_hook(hear).remove)
        if isinstance(part, nn.LSTM | nn.GRU) and any(inner_of(layer.name) for layer in layers):
            hooks.enter_context(record_gates(part, hear_inner, lengths))
        yield
