"""What modules return: a tensor, or tensors in tuples, lists and dictionaries."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

__all__ = ["exchanged"]


def exchanged(output: object, exchange: Callable[[str, Tensor], Tensor], name: str = "") -> object:
    """The same structure with each tensor exchanged for another, given its name.

    Names are those of `named_tensors`. Structures keep their types (named tuples, transformers' outputs);
    what is no tensor stays.

    >>> import torch
    >>> exchanged({"logits": torch.ones(1), "more": None}, lambda name, tensor: tensor + 1, "head")
    {'logits': tensor([2.]), 'more': None}
    """
    if isinstance(output, Tensor):
        return exchange(name or "[output]", output)
    if isinstance(output, Mapping):
        items = {key: exchanged(part, exchange, f"{name}[{key}]") for key, part in output.items()}
        return items if type(output) is dict else _made(type(output), items)
    if isinstance(output, tuple | list):
        parts = [exchanged(part, exchange, f"{name}[{index}]") for index, part in enumerate(output)]
        kind: Any = type(output)
        if hasattr(kind, "_fields"):
            return _made(kind, dict(zip(kind._fields, parts, strict=True)))
        return _made_of(kind, parts)
    return output


def _made_of(kind: Any, parts: list[object]) -> object:
    return kind(parts)


def _made(kind: Any, items: dict[Any, object]) -> object:
    return kind(**items)
