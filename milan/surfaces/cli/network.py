"""Open the network that a command was asked for, and say aloud what should be known of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from milan.surfaces.cli.console import note
from milan.surfaces.cli.parsing import channel_values, unit_group

if TYPE_CHECKING:
    from milan.networks import Network

__all__ = ["along_asked", "open_asked"]


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


def along_asked(
    network: "Network",
    files: Sequence[Path] | None,
    groups: Sequence[str] | None,
    layers: Sequence[str] | None,
) -> "Network":
    """The network with the directions of these files and groups; a sole layer may place a matrix."""
    from milan.networks import Directions, read_directions

    sole = layers[0] if layers and len(layers) == 1 else None
    given = [found for file in files or () for found in read_directions(file, network, sole)]
    for group in map(unit_group, groups or ()):
        n_units = network.layer(group.layer).n_units
        given.append(Directions.of_group(group.layer, group.units, n_units))
    return network.with_directions(*given) if given else network
