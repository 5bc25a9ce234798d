"""One forward pass over the images, all layers at once."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import torch
from jaxtyping import Float
from torch import Tensor

from milan.datasets import Batch, Batches, Manifest, n_batches
from milan.errors import BadSetting, StateError
from milan.exemplars.batch_rows import BatchRows
from milan.exemplars.layer_state import LayerState
from milan.exemplars.milestones import Milestones
from milan.exemplars.settings import ExemplarSettings, Shard
from milan.exemplars.state import ExemplarState
from milan.networks import Layer, Network, record
from milan.records import PicturePolicy, PicturesKept, Provenance

__all__ = ["Progress", "batches_of", "empty_state", "find_exemplars", "in_order", "look", "provenance_of"]

_SAVE_SHARE = 50
"""Saving takes at most one part in so many of a run, however large its state."""

Progress = Callable[[int, int], None]
"""Called after each batch with the images done and the images in all (of this shard)."""


def find_exemplars(  # noqa: PLR0913 (what to look at, then how to run)
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    settings: ExemplarSettings,
    *,
    shard: Shard | None = None,
    state_file: Path | None = None,
    save_every_s: float = 20,
    pictures: PicturePolicy = PicturePolicy.KEEP,
    workers: int = 2,
    progress: Progress | None = None,
    preview: Callable[[ExemplarState], None] | None = None,
) -> ExemplarState:
    """Run the network once over the images (or a shard of them) and keep what exemplars are made of.

    With a `state_file` the state is saved there every `save_every_s` seconds (less often when that would
    take over 2 % of the time) and at the end; killed at any moment, the same call goes on from the last save
    and ends with the same bytes. StateError when the file is of another run or shard; images that cannot be
    decoded are skipped and listed in the state. `pictures` says how much of the images the state holds.

    With a `preview` batches are run in a drawn order, which changes nothing in the end, and it is called with
    the state, which it may read, when 1, 3, 10 and 30 % of the batches are in it.

        state = find_exemplars(network, [network.layer("layer4")], Manifest.scan(folder), ExemplarSettings())
        exemplars = state.finish()["layer4"]
    """
    layers = in_order(network, layers)
    state = empty_state(network, layers, manifest, settings, pictures)
    shard = shard or Shard()
    mine = shard.batches(len(state.done))
    if state_file is not None and state_file.exists():
        state = _resumed(state_file, state, mine)
    todo = [index for index in mine if not state.done[index]]
    if preview is not None:  # folders are sorted, so the first images are of the first classes
        random.Random(0).shuffle(todo)
    milestones = Milestones()
    n_images = _n_images(mine, manifest, settings)
    n_seen = n_images - _n_images(todo, manifest, settings)
    save_at = time.monotonic() + save_every_s
    for batch in batches_of(network, manifest, settings, workers, todo):
        look(network, layers, manifest, batch, state)
        n_seen += batch.n_images
        if progress is not None:
            progress(n_seen, n_images)
        if preview is not None and milestones.reached(state.done):
            preview(state)
        if state_file is not None and time.monotonic() > save_at:
            started = time.monotonic()
            state.save(state_file)
            took = time.monotonic() - started
            save_at = time.monotonic() + max(save_every_s, _SAVE_SHARE * took)
    if state_file is not None and (todo or not state_file.exists()):
        state.save(state_file)
    return state


def empty_state(
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    settings: ExemplarSettings,
    pictures: PicturePolicy = PicturePolicy.KEEP,
) -> ExemplarState:
    """The state before the first batch."""
    folder = str(manifest.folder.resolve()) if pictures is PicturePolicy.REFER else None
    return ExemplarState(
        network=network.name,
        layer_order=tuple(layer.name for layer in network.layers()),
        provenance=provenance_of(network, layers, manifest, settings),
        settings=settings,
        paths=manifest.paths,
        layers={
            layer.name: LayerState.empty(layer.n_units, layer.grid, settings, manifest) for layer in layers
        },
        done=np.zeros(n_batches(manifest, settings.batch_size), np.bool_),
        skipped=set(manifest.skipped),
        kept=PicturesKept(pictures, folder),
    )


def provenance_of(
    network: Network, layers: Sequence[Layer], manifest: Manifest, settings: ExemplarSettings
) -> Provenance:
    """What a pass looks at, and how; its key tells whether a state or a catalog already has the result."""
    return Provenance(
        network_spec=network.spec,
        weights_hash=network.weights_hash,
        preprocessing=network.preprocessing.as_dict(),
        dataset_hash=manifest.hash,
        settings={**settings.as_dict(), **_layer_settings(layers), **_made_of(network)},
        versions={"torch": torch.__version__, "pillow": PIL.__version__},
    )


def _layer_settings(layers: Sequence[Layer]) -> dict[str, Any]:
    """Names of the layers, and what the directions among them are: their name alone does not say."""
    directions = {layer.name: layer.directions.hash for layer in layers if layer.directions is not None}
    names = [layer.name for layer in layers]
    return {"layers": names, "directions": directions} if directions else {"layers": names}


def _made_of(network: Network) -> dict[str, Any]:
    """Of a generator, what its pictures were made of: their own content does not say."""
    return {} if network.generation is None else {"generation": network.generation.as_dict()}


def batches_of(
    network: Network, manifest: Manifest, settings: ExemplarSettings, workers: int, only: Sequence[int]
) -> Batches:
    """Batches prepared for a network."""
    return Batches(
        manifest,
        settings.batch_size,
        network.prepare,
        channels=network.preprocessing.channels,
        workers=workers,
        only=only,
    )


def look(
    network: Network, layers: Sequence[Layer], manifest: Manifest, batch: Batch, state: ExemplarState
) -> None:
    """Run the network on one batch, up to the last of the layers, and add what they emit to the state."""
    rows = BatchRows.of(batch, manifest, state.measured_images, state.selected_images)

    def take(layer: Layer, activations: Float[Tensor, "image unit height width"]) -> None:
        state.layers[layer.name].take(activations, rows)

    if len(rows.shown):
        with record(network, layers, take):
            network.forward(torch.from_numpy(batch.inputs), stop_after=layers[-1])
    state.keep_pictures(batch.views, manifest.hashes)
    state.skipped.update(batch.skipped.values())
    state.done[batch.index] = True


def in_order(network: Network, layers: Sequence[Layer]) -> list[Layer]:
    """Each layer once, in the order in which a forward pass reaches them."""
    if not layers:
        raise BadSetting("no layer was chosen")
    wanted = {layer.name for layer in layers}
    return [layer for layer in network.layers() if layer.name in wanted]


def _resumed(file: Path, fresh: ExemplarState, mine: Sequence[int]) -> ExemplarState:
    state = ExemplarState.load(file)
    if state.key != fresh.key:
        raise StateError(
            f"{str(file)!r} is of another run: weights, layers, preprocessing, images or settings differ. "
            "Name another file, or remove this one"
        )
    state.check_kept(fresh.kept)
    if set(np.flatnonzero(state.done).tolist()) - set(mine):
        raise StateError(f"{str(file)!r} holds another shard of this run: give each shard its own file")
    return state


def _n_images(batches: Iterable[int], manifest: Manifest, settings: ExemplarSettings) -> int:
    size = settings.batch_size
    return sum(min(size, len(manifest) - index * size) for index in batches)
