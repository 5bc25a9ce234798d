"""Recognise a network by the content of its tensors, whatever its name, wrapper or parameter names."""

import hashlib

import torch
from torch import nn

__all__ = ["tensor_hashes"]

_SMALLEST = 1000  # numbers; shorter tensors (biases, counters) can be equal by chance


def tensor_hashes(module: nn.Module) -> frozenset[str]:
    """Hash every parameter and buffer of at least 1,000 numbers.

    A tensor of one repeated number does not count. A hash is sha256 over the tensor's float32 little-endian
    bytes, so the precision in which equal values are kept does not matter. Two networks that share hashes
    share weights: one is the other, or was made from it.

    >>> layer = nn.Linear(50, 50)
    >>> tensor_hashes(layer) == tensor_hashes(nn.Sequential(nn.ReLU(), layer))
    True
    """
    tensors = [*module.parameters(), *module.buffers()]
    return frozenset(_hash(tensor) for tensor in tensors if tensor.numel() >= _SMALLEST and _varies(tensor))


def _varies(tensor: torch.Tensor) -> bool:
    """Fresh scales of ones and shifts of zeros are alike in networks that share nothing."""
    return bool((tensor != tensor.flatten()[0]).any())


def _hash(tensor: torch.Tensor) -> str:
    values = tensor.detach().to("cpu", torch.float32).contiguous().numpy().astype("<f4", copy=False)
    return hashlib.sha256(values.tobytes()).hexdigest()
