"""Every unit of a transliterator at every character: what its LSTM does inside, and the layers above."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Literal, get_args

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor, nn

from milan.errors import UnknownName
from milan.networks.text.gates import Gates
from milan.networks.text.recording import record_gates
from milan.transliteration import Transliteration
from milan.transliteration.batches import equal_batches
from milan.uses.text.study.sample import Sample

__all__ = ["INSIDE", "LAYERS", "Layer", "read_layers"]

Layer = Literal[
    "lstm", "output_gate", "cell", "input_gate", "cell_input", "forget_gate", "before", "hidden", "outputs"
]
"""`before` is the cell that a direction came with: the next one's in the text for the half that reads from
the end. `outputs` are chances, after the softmax.
"""
LAYERS: tuple[Layer, ...] = get_args(Layer)
INSIDE: tuple[Layer, ...] = LAYERS[:7]
"""Layers whose first half of units reads from the start of a text, and whose second half from its end."""


@torch.inference_mode()
def read_layers(
    transliteration: Transliteration, sample: Sample, layers: Iterable[Layer]
) -> dict[Layer, Float32[np.ndarray, "position unit"]]:
    """Activations of some layers, texts one after another, from the network's own forward passes.

    A layer of 456 units takes a gigabyte for 5,000 sentences. UnknownName for one that is not of `LAYERS`.
    """
    wanted = tuple(layers)
    for layer in wanted:
        if layer not in LAYERS:
            raise UnknownName("layer of a transliterator", layer, LAYERS, f"There are {', '.join(LAYERS)}")
    found: dict[Layer, Float32[np.ndarray, "position unit"]] = {}
    rows = np.zeros((0, 0), np.int64)

    def take(layer: Layer, values: Tensor) -> None:
        if layer not in found:
            found[layer] = np.empty((sample.n_positions, values.shape[2]), np.float32)
        found[layer][rows] = values.numpy()

    with ExitStack() as hooks:
        _listen(transliteration.network, wanted, take, hooks)
        for numbers in equal_batches([len(text.latin) for text in sample.texts]):
            rows = sample.starts[numbers][:, None] + np.arange(len(sample.texts[numbers[0]].latin))
            if rows.size:
                transliteration.network(torch.from_numpy(sample.inputs[rows]))
    return found


def _listen(
    network: nn.Module, layers: tuple[Layer, ...], take: Callable[[Layer, Tensor], None], hooks: ExitStack
) -> None:
    inside = [layer for layer in layers if layer in INSIDE]

    def take_gates(gates: Gates) -> None:
        for layer in inside:
            take(layer, gates.emitted if layer == "lstm" else getattr(gates, layer))

    def take_hidden(module: nn.Module, arguments: object, output: Tensor) -> None:
        take("hidden", output)

    def take_chances(module: nn.Module, arguments: object, output: Tensor) -> None:
        take("outputs", output.softmax(dim=2))

    if inside:
        lstm = network.get_submodule("lstm")
        assert isinstance(lstm, nn.LSTM)
        hooks.enter_context(record_gates(lstm, take_gates))
    above: tuple[tuple[Layer, Callable[..., None]], ...] = (
        ("hidden", take_hidden),
        ("outputs", take_chances),
    )
    for layer, hook in above:
        if layer in layers:
            hooks.callback(network.get_submodule(layer).register_forward_hook(hook).remove)
