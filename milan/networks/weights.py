"""Reading weights from a file into a module, and naming a module's weights by their content."""

import hashlib
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from milan.errors import NetworkError, WeightsMismatch, one_line

__all__ = ["fit_weights", "hash_weights", "load_weights", "read_weights"]

_REMEDY = "save it with torch.save(model.state_dict(), FILE)"
_WRAPPERS = ("state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "_orig_mod.")
"""What data-parallel training and compilation put before every name."""


def load_weights(module: nn.Module, path: Path) -> None:
    """Read a file of weights into the module, every name and shape as the module has them.

    Raises NetworkError for a file that cannot be read and WeightsMismatch for weights of another network.
    """
    fit_weights(module, read_weights(path), str(path))


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a `.safetensors`, `.pth`, `.pt` or `.bin` file by name; nothing in it is executed."""
    if not path.is_file():
        raise NetworkError(f"no weights file {str(path)!r}")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise NetworkError(f"{path} holds more than tensors and is not opened: {_REMEDY}") from None
    except (SafetensorError, OSError, EOFError, RuntimeError, ValueError) as problem:
        raise NetworkError(f"{path} cannot be read as weights: {one_line(problem)}") from problem
    return _unwrapped(loaded, path)


def fit_weights(module: nn.Module, weights: Mapping[str, Tensor], source: str) -> None:
    """Load named tensors, refusing anything but an exact fit; raises WeightsMismatch with what differs."""
    expected = module.state_dict()
    missing = [name for name in expected if name not in weights]
    unexpected = [name for name in weights if name not in expected]
    reshaped = [name for name in expected if name in weights and weights[name].shape != expected[name].shape]
    if missing or unexpected or reshaped:
        parts = []
        if missing:
            parts.append(f"{len(missing)} of {len(expected)} names are missing (first: {missing[0]})")
        if unexpected:
            parts.append(f"{len(unexpected)} are unknown (first: {unexpected[0]})")
        if reshaped:
            name = reshaped[0]
            parts.append(
                f"{len(reshaped)} have another shape (first: {name}, {tuple(weights[name].shape)} in the "
                f"file, {tuple(expected[name].shape)} in the network)"
            )
        raise WeightsMismatch(
            f"{source} holds weights of another network: {'; '.join(parts)}. "
            "Name the network they were trained as, or open your own with package.module:factory"
        )
    module.load_state_dict(dict(weights), strict=True)


def hash_weights(module: nn.Module) -> str:
    """sha256 over sorted names, shapes, types and bytes of all parameters and buffers."""
    digest = hashlib.sha256()
    tensors = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        digest.update(f"{name}|{tuple(tensor.shape)}|{tensor.dtype}|".encode())
        content: Any = tensor.reshape(-1).view(torch.uint8).numpy()
        digest.update(content)
    return digest.hexdigest()


def _unwrapped(loaded: object, path: Path) -> dict[str, Tensor]:
    while isinstance(loaded, Mapping):
        inner = next((key for key in _WRAPPERS if isinstance(loaded.get(key), Mapping)), None)
        if inner is None:
            break
        loaded = loaded[inner]
    if not isinstance(loaded, Mapping) or not all(isinstance(value, Tensor) for value in loaded.values()):
        raise NetworkError(f"{path} is not a table of named tensors: {_REMEDY}")
    named = {str(name): tensor for name, tensor in loaded.items()}
    for prefix in _PREFIXES:
        if named and all(name.startswith(prefix) for name in named):
            named = {name.removeprefix(prefix): tensor for name, tensor in named.items()}
    return named
