"""`package.module:factory`: a user's own function that returns a network."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from milan.errors import NetworkError, UnknownName, one_line
from milan.networks.registry import Opened, Request

__all__ = ["input_channels", "open_factory"]


def open_factory(request: Request) -> Opened:
    """Call a function of no arguments, importable from the environment or the current folder."""
    module_name, _, factory_name = request.target.partition(":")
    with _current_folder_importable():
        try:
            module = importlib.import_module(module_name)
        except ImportError as problem:
            raise NetworkError(f"{module_name} cannot be imported: {problem}") from problem
        if not hasattr(module, factory_name):
            raise UnknownName("factory", factory_name, vars(module), f"It is looked for in {module.__file__}")
        try:
            made = getattr(module, factory_name)()
        except Exception as problem:  # a user's code may raise anything
            raise NetworkError(
                f"{request.target}() failed: {type(problem).__name__}: {one_line(problem)}"
            ) from problem
    if not isinstance(made, nn.Module):
        raise NetworkError(f"{request.target}() returns a torch.nn.Module, got {type(made).__name__}")
    return Opened(made)


def input_channels(module: nn.Module) -> int:
    """Channels that the first convolution takes; 3 when there is none."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            return part.in_channels
    return 3


@contextmanager
def _current_folder_importable() -> Iterator[None]:
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        yield
    finally:
        sys.path.remove(here)
