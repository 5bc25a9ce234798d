"""Half precision for training, where the processor is made for it."""

import torch

__all__ = ["trained_in_half"]


def trained_in_half() -> torch.autocast:
    """A `with` block in which products are taken in bfloat16, if this processor multiplies it natively.

    Elsewhere it changes nothing: emulated, bfloat16 would be slower than float32.
    """
    native = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast("cpu", torch.bfloat16, enabled=native)
