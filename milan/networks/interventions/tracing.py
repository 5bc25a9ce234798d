"""Which operations read and make which tensors in one pass, and with which weights."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

__all__ = ["Operation", "Trace"]

_KEEPS_CHANNELS = frozenset(
    {
        *(F.relu, F.relu6, F.hardtanh, F.hardswish, F.silu, F.gelu, F.leaky_relu, F.mish, F.elu),
        *(torch.relu, torch.relu_, torch.tanh, torch.clamp, Tensor.relu, Tensor.relu_, Tensor.tanh),
        *(F.dropout, F.dropout2d, F.max_pool2d, F.avg_pool2d, F.adaptive_avg_pool2d, F.adaptive_max_pool2d),
        *(
            torch.flatten,
            torch.mean,
            Tensor.flatten,
            Tensor.mean,
            Tensor.view,
            Tensor.reshape,
            Tensor.contiguous,
        ),
        *(torch._C._nn.gelu, torch._C._nn.hardtanh, torch._C._nn.avg_pool2d, torch.max_pool2d, torch.squeeze),
        *(torch.dropout, torch._C._nn.silu, torch._C._nn.hardswish, torch._C._nn.leaky_relu, Tensor.squeeze),
    }
)
"""What makes of a channel of zeros a channel of zeros, and of other channels nothing that depends on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One call of a function of torch."""

    function: Callable[..., object]
    inputs: tuple[Tensor, ...]
    """All tensors among its arguments, weights included."""
    arguments: Mapping[str, Any]
    """Of convolutions, linear maps and batch norms: input, weight, bias and the like by name."""
    output: Tensor

    @property
    def weight(self) -> Tensor | None:
        """Its weight, where it is a convolution, a linear map or a batch norm."""
        return self.arguments.get("weight")

    @property
    def keeps_channels(self) -> bool:
        """Whether each channel is made of the same channel alone, and zeros of zeros."""
        return self.function in _KEEPS_CHANNELS


_NAMES: dict[Callable[..., object], tuple[str, ...]] = {
    torch.conv1d: ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    torch.conv2d: ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    F.linear: ("input", "weight", "bias"),
    F.batch_norm: (
        *("input", "running_mean", "running_var", "weight", "bias"),
        *("training", "momentum", "eps"),
    ),
}


class Trace(TorchFunctionMode):
    """Listens to every function of torch that is called within the block.

    with Trace() as trace:
        module(inputs)
    """

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[Operation] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call the function and remember it."""
        named = dict(kwargs or {})
        output = func(*args, **named)
        if isinstance(output, Tensor):
            tensors = tuple(_tensors([*args, *named.values()]))
            known = {**dict(zip(_NAMES.get(func, ()), args, strict=False)), **named} if func in _NAMES else {}
            self.operations.append(Operation(func, tensors, known, output))
        return output

    def maker(self, tensor: Tensor, before: int) -> int | None:
        """Place of the last operation before a moment that made a tensor, or changed it in place."""
        places = (at for at in reversed(range(before)) if self.operations[at].output is tensor)
        return next(places, None)

    def readers(self, tensor: Tensor, since: int) -> list[int]:
        """Places of the operations that read a tensor, from a moment on, in order."""
        return [
            at
            for at, one in enumerate(self.operations[since:], start=since)
            if any(given is tensor for given in one.inputs)
        ]


def _tensors(values: Any) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from _tensors(value)
