"""`package.module:factory`: a user's own function that returns a network."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from milan.errors import NetworkError, UnknownName, one_line
from milan.networks.registry import Opened, Request

__all__ = ["LOOKED_FOR", "input_channels", "modules_beside", "open_factory"]

LOOKED_FOR = (
    "A module is looked for in the current folder and among installed packages: "
    "start milan in the folder that holds it, or install it."
)


def open_factory(request: Request) -> Opened:
    """Call a function of no arguments, importable from the environment or the current folder."""
    module_name, _, factory_name = request.target.partition(":")
    with _current_folder_importable():
        try:
            module = importlib.import_module(module_name)
        except Exception as problem:  # a user's code may raise anything
            missing = getattr(problem, "name", None) if isinstance(problem, ModuleNotFoundError) else None
            if missing and f"{module_name}.".startswith(f"{missing}."):
                raise UnknownName("module", missing, modules_beside(missing), LOOKED_FOR) from problem
            raise NetworkError(
                f"{module_name} cannot be imported: {type(problem).__name__}: {one_line(problem)}"
            ) from problem
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


def modules_beside(name: str) -> list[str]:
    """Modules that may have been meant: of the same package, or of the current folder."""
    package, dot, _ = name.rpartition(".")
    folders = getattr(sys.modules.get(package), "__path__", []) if dot else [str(Path.cwd())]
    return [f"{package}{dot}{module.name}" for module in pkgutil.iter_modules(folders)]


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
