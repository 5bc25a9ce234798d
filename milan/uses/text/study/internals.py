"""Every unit of a transliterator at every character: what its LSTM does inside, and the layers above."""

from contextlib import ExitStack
from typing import Literal, get_args

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor, nn

from milan.errors import UnknownName
from milan.networks.text.gates import Gates, record_gates
from milan.transliteration import Transliteration
from milan.transliteration.batches import equal_batches
from milan.uses.text.study.sample import Sample

__all__ = ["INSIDE", "LAYERS", "Layer", "read_layer"]

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
def read_layer(
    transliteration: Transliteration, sample: Sample, layer: Layer
) -> Float32[np.ndarray, "position unit"]:
    """A layer's activations, texts one after another, from the network's own forward passes.

    UnknownName for a layer that is not one of `LAYERS`.
    """
    if layer not in LAYERS:
        raise UnknownName("layer of a transliterator", layer, LAYERS, f"There are {', '.join(LAYERS)}")
    network, heard = transliteration.network, list[Tensor]()
    found: Float32[np.ndarray, "position unit"] | None = None
    starts = sample.starts
    with ExitStack() as hooks:
        _listen(network, layer, heard, hooks)
        for numbers in equal_batches([len(text.latin) for text in sample.texts]):
            size = len(sample.texts[numbers[0]].latin)
            if not size:
                continue
            rows = starts[numbers][:, None] + np.arange(size)
            network(torch.from_numpy(sample.inputs[rows]))
            values = heard.pop().numpy()
            if found is None:
                found = np.empty((sample.n_positions, values.shape[2]), np.float32)
            found[rows] = values
    assert found is not None  # a sample has a character
    return found


def _listen(network: nn.Module, layer: Layer, heard: list[Tensor], hooks: ExitStack) -> None:
    def take_output(module: nn.Module, arguments: object, output: Tensor) -> None:
        heard.append(output.softmax(dim=2) if layer == "outputs" else output)

    def take_gates(gates: Gates) -> None:
        heard.append(gates.emitted if layer == "lstm" else getattr(gates, layer))

    if layer in INSIDE:
        lstm = network.get_submodule("lstm")
        assert isinstance(lstm, nn.LSTM)
        hooks.enter_context(record_gates(lstm, take_gates))
    else:
        hooks.callback(network.get_submodule(layer).register_forward_hook(take_output).remove)
