"""The pass over the images by an engine's workers: a shard each at a time, merged as they come."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from uuid import uuid4

import torch

from milan.datasets import Manifest, n_batches
from milan.engines import Engine, map_shards
from milan.errors import EngineError, StateError
from milan.exemplars import ExemplarSettings, ExemplarState, Shard, find_exemplars, provenance_of
from milan.networks import Layer, Network, open_network
from milan.records import PicturePolicy
from milan.uses.options import DescribeOptions

__all__ = ["ShardPass", "find_with_workers"]


@dataclass
class ShardPass:
    """The pass over one shard after another, as a worker makes it; pickled before the network is opened."""

    reopen: Callable[[], Network]
    layers: tuple[str, ...]
    manifest: Manifest
    settings: ExemplarSettings
    key: str
    """Of the run: weights, layers, preprocessing, images and settings."""
    folder: Path
    """Where shards' states go, the same for all workers and for the one that merges."""
    cpus: int
    pictures: PicturePolicy = PicturePolicy.KEEP

    def __call__(self, shard: Shard) -> Path:
        """Save the state of a shard, whole and in one step; one that is there already is left alone."""
        file = shard_file(self.folder, shard)
        if file.exists():
            return file
        network, layers = self._opened
        state = find_exemplars(
            network,
            layers,
            self.manifest,
            self.settings,
            shard=shard,
            pictures=self.pictures,
            workers=self.cpus,
        )
        # Named by chance: the same shard may be worked on twice at a time, by one that was taken for dead.
        aside = self.folder / f"{uuid4().hex}.part"
        state.save(aside)
        os.replace(aside, file)
        return file

    @cached_property
    def _opened(self) -> tuple[Network, list[Layer]]:
        torch.set_num_threads(self.cpus)
        network = self.reopen()
        layers = [network.layer(name) for name in self.layers]
        if provenance_of(network, layers, self.manifest, self.settings).key() != self.key:
            raise StateError(
                f"on {platform.node()} {network.spec} opens with other weights or preprocessing than where "
                "the run was started: give all machines the same files and packages"
            )
        return network, layers


def shard_file(folder: Path, shard: Shard) -> Path:
    """Where the finished state of a shard is."""
    return folder / f"{shard.index + 1}-of-{shard.count}.safetensors"


def find_with_workers(
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    options: DescribeOptions,
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> ExemplarState:
    """What `find_exemplars` answers, byte for byte, by the workers of `options.engine`.

    Each shard's state is a file of `folder`, which all machines must see under the same name, as they must
    the images; finished ones are not made again. EngineError for a file that only a worker sees.
    """
    engine, settings = options.engine or Engine(), options.exemplars
    n_shards = engine.n_shards(n_batches(manifest, settings.batch_size))
    shards = [Shard(index, n_shards) for index in range(n_shards)]
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    task = ShardPass(
        options.reopen or partial(open_network, network.spec, name=network.name, device=str(network.device)),
        tuple(layer.name for layer in layers),
        replace(manifest, folder=manifest.folder.resolve()),
        settings,
        provenance_of(network, layers, manifest, settings).key(),
        folder,
        engine.cpus,
        options.pictures or PicturePolicy.KEEP,
    )
    found: ExemplarState | None = None
    for n_done, file in enumerate(map_shards(task, shards, engine), 1):
        if not file.exists():
            raise EngineError(
                f"a worker wrote {str(file)!r}, which is not seen here: set MILAN_CACHE_DIR to a "
                "folder that all machines share"
            )
        state = ExemplarState.load(file)
        if found is None:
            found = state
        else:
            found.merge(state)
        progress(f"exemplars, {n_shards} shards", n_done * len(manifest) // n_shards, len(manifest))
    assert found is not None  # there is at least one shard
    return found
