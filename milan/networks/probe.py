"""Finding a network's layers: one forward pass in which every module says what it emits."""

import re
from dataclasses import replace

import torch
from torch import Tensor, nn

from milan.networks.hooks import run_until
from milan.networks.layers import Layer, named_tensors
from milan.networks.layouts import LayoutReader
from milan.networks.worth import worth_describing

__all__ = ["find_layers"]

_PASS_THROUGH = re.compile(r"Identity|Dropout[123]?d?|\w*DropPath|StochasticDepth|DropBlock\w*")
"""Modules that only matter in training: what they emit is what they were given."""


def find_layers(module: nn.Module, inputs: Tensor, picture: tuple[int, int]) -> tuple[Layer, ...]:
    """Every layer of the module, in the order in which a forward pass emits them.

    A module that runs several times is listed at its first run, as `record` hears it. What the network
    returns is listed too, as `[output]` or `[key]`, unless it is just the tensor of the last module.
    """
    reader = LayoutReader(len(inputs), picture)
    found: dict[str, Layer | None] = {}
    handles = []
    latest: Tensor | None = None
    for path, part in module.named_modules():
        if _PASS_THROUGH.fullmatch(type(part).__name__):
            continue

        def listen(emitter: nn.Module, arguments: object, output: object, path: str = path) -> None:
            nonlocal latest
            if not path and output is latest:
                return
            for name, tensor in named_tensors(path, output):
                if name not in found and "/" not in name:
                    found[name] = reader.read(name, emitter, tensor)
                latest = tensor

        handles.append(part.register_forward_hook(listen))
    try:
        with torch.inference_mode():
            run_until(module, inputs, None)
    finally:
        for handle in handles:
            handle.remove()
    layers = [layer for layer in found.values() if layer is not None]
    chosen = worth_describing(module, layers)
    return tuple(replace(layer, worth_describing=layer.name in chosen) for layer in layers)
