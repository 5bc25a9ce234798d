"""Weights on disk: matrices as one byte a number, everything else in half precision.

A row keeps its largest magnitude as its scale, so a number is off by at most 1/254 of it.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

__all__ = ["packed", "unpacked"]

_SCALE = "/scale"


def packed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What is written of a state dict."""
    found: dict[str, Tensor] = {}
    for name, value in state.items():
        if value.ndim != 2:
            found[name] = value.to(torch.float16).contiguous()
            continue
        scale = (value.abs().amax(1, keepdim=True).float() / 127).clamp_min(1e-12)
        found[name] = (value.float() / scale).round().to(torch.int8).contiguous()
        found[name + _SCALE] = scale
    return found


def unpacked(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict again, in single precision."""
    found: dict[str, Tensor] = {}
    for name, value in stored.items():
        if not name.endswith(_SCALE):
            scale = stored.get(name + _SCALE)
            found[name] = value.float() if scale is None else value.float() * scale
    return found
