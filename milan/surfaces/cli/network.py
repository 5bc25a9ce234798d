"""Open the network that a command was asked for, and say aloud what should be known of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from milan.surfaces.cli.console import note
from milan.surfaces.cli.parsing import channel_values

if TYPE_CHECKING:
    from milan.networks import Network

__all__ = ["open_asked"]


def open_asked(
    model: str,
    *,
    device: str,
    weights: Path | None = None,
    name: str | None = None,
    size: int | None = None,
    mean: str | None = None,
    std: str | None = None,
) -> "Network":
    """Open a network from the options that commands share."""
    from milan.networks import open_network

    network = open_network(
        model,
        weights=weights,
        name=name,
        size=None if size is None else (size, size),
        mean=channel_values(mean, "--mean"),
        std=channel_values(std, "--std"),
        device=device,
    )
    for line in network.notes:
        note(line)
    return network
