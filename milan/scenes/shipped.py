"""Modules that ship with their weights, in half precision."""

from typing import TypeVar

from safetensors.torch import load_file
from torch import nn

from milan.scenes.files import shipped_file

__all__ = ["with_weights"]

_Module = TypeVar("_Module", bound=nn.Module)


def with_weights(module: _Module, file: str) -> _Module:
    """The module with the weights of a file of `data/`, in evaluation mode and single precision."""
    weights = load_file(shipped_file(file))
    module.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}
    )
    return module.eval()
