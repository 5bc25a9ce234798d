"""What a pass will read, take and write, told before it starts."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from milan.datasets import Manifest
from milan.exemplars.find import batches_of, empty_state, in_order, look
from milan.exemplars.settings import ExemplarSettings
from milan.networks import Layer, Network

__all__ = ["Plan", "plan"]

_BUCKETS_BYTES = 5121 * 8 + (1 << 14) * 2
"""Counts of a unit and the values waiting to be counted."""
_OCCUPIED_BYTES = 1000 * 10
"""A unit's occupied buckets in a file: measured 600 to 900, each with its number and count."""
_THUMBNAIL_BYTES = 6000


@dataclass(frozen=True, slots=True)
class Plan:
    """A pass before it starts; all but images and units are estimates."""

    images: int
    units: int
    """Of all chosen layers."""
    seconds: float
    """From one batch, decoded and run on this machine as it is now."""
    memory_bytes: int
    """The state and one batch of the layers' activations, beyond the network."""
    disk_bytes: int
    """The saved state; while it is replaced, twice that."""

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For a reader, a line each."""
        minutes, seconds = divmod(round(self.seconds), 60)
        return [
            f"images  {self.images:,}",
            f"units   {self.units:,}",
            f"time    about {minutes} min {seconds:02} s",
            f"memory  about {self.memory_bytes / 1e6:,.0f} MB beyond the network",
            f"disk    about {self.disk_bytes / 1e6:,.0f} MB while it runs",
        ]


def plan(network: Network, layers: Sequence[Layer], manifest: Manifest, settings: ExemplarSettings) -> Plan:
    """Estimate a pass from its first batch, which is decoded once and run twice; nothing is written."""
    layers = in_order(network, layers)
    state = empty_state(network, layers, manifest, settings)
    start = time.perf_counter()
    (batch,) = batches_of(network, manifest, settings, 2, [0])
    decoded = time.perf_counter()
    look(network, layers, manifest, batch, state)
    warm = time.perf_counter()
    look(network, layers, manifest, batch, state)
    n_seconds = (time.perf_counter() - warm) + (decoded - start)
    n_units = sum(layer.n_units for layer in layers)
    positions = sum(layer.n_units * layer.grid[0] * layer.grid[1] for layer in layers)
    maps = sum(layer.n_units * _map_bytes(layer, settings) for layer in layers)
    sample = n_units * (len(state.measured_images) + len(state.selected_images)) * 3 * 4
    sample += sum(layer.values.values.nbytes for layer in state.layers.values())
    pictures = min(len(manifest), n_units * settings.k) * _THUMBNAIL_BYTES
    return Plan(
        images=len(manifest),
        units=n_units,
        seconds=round(n_seconds * len(state.done), 3),
        memory_bytes=n_units * _BUCKETS_BYTES
        + maps
        + sample
        + pictures
        + settings.batch_size * positions * 4,
        disk_bytes=n_units * _OCCUPIED_BYTES + maps + sample + pictures,
    )


def _map_bytes(layer: Layer, settings: ExemplarSettings) -> int:
    height, width = (min(side, settings.map_size) for side in layer.grid)
    return settings.k * (height * width * 2 + 12) * (2 if settings.signed else 1)
