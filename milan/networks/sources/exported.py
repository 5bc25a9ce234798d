"""`FILE.pt2`: a program saved by `torch.export.save`."""

from pathlib import Path
from zipfile import is_zipfile

import torch

from milan.errors import NetworkError, UsageError, one_line
from milan.networks.registry import Opened, Request

__all__ = ["open_exported"]


def open_exported(request: Request) -> Opened:
    """Load the program and give it back its modules, so that they can be listened to by name."""
    path = Path(request.target)
    if request.weights is not None or request.untrained:
        raise UsageError(f"{path.name} holds its own weights: leave --weights out")
    if not path.is_file():
        raise NetworkError(f"no file {str(path)!r}")
    if not is_zipfile(path):
        raise NetworkError(f"{path} is not an exported program: save it with torch.export.save")
    try:
        program = torch.export.load(path)
    except Exception as problem:  # the loader raises anything on a damaged file
        raise NetworkError(f"{path} is not an exported program: {one_line(problem)}") from problem
    inputs = [
        node.meta["val"]
        for node in program.graph.nodes
        if node.op == "placeholder" and node.name in program.graph_signature.user_inputs
    ]
    if len(inputs) != 1 or inputs[0].ndim != 4:
        raise NetworkError(
            f"{path} takes {len(inputs)} inputs: a network takes one, [image, channel, height, width]"
        )
    batch, channels, height, width = inputs[0].shape
    return Opened(
        torch.export.unflatten(program),
        input_size=(height, width) if isinstance(height, int) and isinstance(width, int) else None,
        channels=channels,
        batch_size=batch if isinstance(batch, int) else None,
    )
