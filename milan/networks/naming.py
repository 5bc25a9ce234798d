"""What a classifier's outputs are called, where that can be known."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from milan.networks.network import Network

__all__ = ["output_name"]

_IMAGENET = ("builtin:", "torchvision:", "timm:")
_N_CLASSES = 1000


def output_name(network: Network, output: int) -> str | None:
    """The name of an output: a transformers network's own, or that of an ImageNet class; None when unknown.

    A packaged, torchvision or timm network with 1,000 outputs is taken to be one of ImageNet's.
    """
    config = getattr(network.module, "config", None)
    named = getattr(config, "id2label", None)
    if isinstance(named, Mapping):
        found = named.get(output)
        return None if found is None or str(found) == f"LABEL_{output}" else str(found)
    last = list(network.module.parameters())[-1:]
    n_outputs = len(last[0]) if last else 0
    if n_outputs != _N_CLASSES or not network.spec.startswith(_IMAGENET):
        return None
    return str(_imagenet().index_to_description(output, detailed=False)).split(",")[0]


@cache
def _imagenet() -> Any:
    """Names of ImageNet's classes, which take 40 ms to read."""
    return import_module("timm.data").ImageNetInfo()
