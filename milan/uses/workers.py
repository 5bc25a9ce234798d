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
from milan.exemplars import ExemplarSettings, ExemplarState, Milestones, Shard, find_exemplars, provenance_of
from milan.networks import Layer, Network, open_network
from milan.records import PicturePolicy
from milan.uses.options import DescribeOptions

__all__ = ["ShardPass", "find_with_workers"]


KEPT_APART = 16
"""States of shards that are kept beside the merged one: less work is lost to a kill, more disk is taken."""


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
    *,
    preview: Callable[[ExemplarState], None] | None = None,
) -> ExemplarState:
    """What `find_exemplars` answers, byte for byte, by the workers of `options.engine`.

    Each shard's state is a file in a folder which all machines must see under the same name, as they must the
    images. Merged ones become one file now and then, so that there are never many; what is finished is not
    made again. EngineError for a file that only a worker sees.
    """
    engine, settings = options.engine or Engine(), options.exemplars
    n_shards = engine.n_shards(n_batches(manifest, settings.batch_size))
    folder = folder.resolve() / f"of-{n_shards}"
    folder.mkdir(parents=True, exist_ok=True)
    merged = folder / "merged.safetensors"
    found = ExemplarState.load(merged) if merged.exists() else None
    shards = [Shard(index, n_shards) for index in range(n_shards)]
    if found is not None:
        shards = [shard for shard in shards if not found.done[shard.batches(len(found.done))].all()]
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
    apart: list[Path] = []
    milestones = Milestones()
    for file in map_shards(task, shards, engine):
        state = _seen_here(file)
        if found is None:
            found = state
        else:
            found.merge(state)
        n_done = int(found.done.sum()) * settings.batch_size
        progress(f"exemplars, {n_shards} shards", min(n_done, len(manifest)), len(manifest))
        if preview is not None and milestones.reached(found.done):
            preview(found)
        apart.append(file)
        if len(apart) == KEPT_APART:
            found.save(merged)
            for old in apart:
                old.unlink()
            apart.clear()
    assert found is not None  # there is at least one shard
    return found


def _seen_here(file: Path) -> ExemplarState:
    if not file.exists():
        raise EngineError(
            f"a worker wrote {str(file)!r}, which is not seen here: set MILAN_CACHE_DIR to a folder that all "
            "machines share"
        )
    return ExemplarState.load(file)
