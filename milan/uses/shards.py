"""Exemplars that a catalog lacks: planned, found in one pass, or merged from shards found elsewhere."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.errors import UnknownName
from milan.exemplars import ExemplarState, Plan, Shard, find_exemplars, plan, provenance_of
from milan.networks import Layer, Network
from milan.places import CatalogPlace
from milan.records import PicturePolicy
from milan.uses.cache import cache_dir
from milan.uses.options import DescribeOptions
from milan.uses.workers import find_with_workers

__all__ = ["choose_layers", "find_missing", "find_shard", "merge_shards", "plan_network", "scan_images"]

Progress = Callable[[str, int, int], None]
Say = Callable[[str], None]


def choose_layers(network: Network, names: Sequence[str]) -> list[Layer]:
    """Layers by name or pattern, in the network's order; without names those worth describing.

    Of a network with directions, only these: by the layer in which they lie, or by their own name.
    """
    known = network.layers()
    known = tuple(layer for layer in known if layer.directions is not None) or known
    if not names:
        return [layer for layer in known if layer.worth_describing]
    chosen: set[str] = set()
    for name in names:
        matching = {layer.name for layer in known if _is_called(layer, name)}
        if not matching:
            hint = f"List them: milan layers {network.spec}"
            if known[0].directions is not None:
                hint = f"Directions were given in {', '.join(dict.fromkeys(layer.base for layer in known))}"
            raise UnknownName("layer", name, [layer.base for layer in known], hint)
        chosen |= matching
    return [layer for layer in known if layer.name in chosen]


def _is_called(layer: Layer, name: str) -> bool:
    return any(own == name or fnmatchcase(own, name) for own in (layer.name, layer.base))


def scan_images(images: Path, options: DescribeOptions) -> Manifest:
    """The images of a run, in their fixed order."""
    return Manifest.scan(images, limit=options.limit, measure_on=options.measure_on, seed=options.seed)


def plan_network(network: Network, images: Path, options: DescribeOptions) -> Plan:
    """What a run would read, take and write, before it starts."""

    layers = choose_layers(network, options.layers)
    return plan(network, layers, scan_images(images, options), options.exemplars)


def find_shard(
    network: Network,
    images: Path,
    output: Path,
    shard: Shard,
    options: DescribeOptions,
    progress: Progress,
) -> ExemplarState:
    """One machine's part of the pass, saved to `output`; killed, the same call goes on."""
    return find_exemplars(
        network,
        choose_layers(network, options.layers),
        scan_images(images, options),
        options.exemplars,
        shard=shard,
        state_file=output,
        pictures=options.pictures or PicturePolicy.KEEP,
        workers=options.workers,
        progress=lambda done, total: progress("exemplars", done, total),
    )


def find_missing(  # noqa: PLR0913 (what to look at, then who is told)
    store: Catalog,
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    options: DescribeOptions,
    progress: Progress,
    say: Say,
    *,
    preview: Callable[[ExemplarState], None] | None = None,
) -> dict[str, str]:
    """One pass for the layers that the catalog lacks, stored; answers the skipped images with reasons.

    The state (of an engine's workers, the shards) is kept in the cache under the key of its contents, so that
    a run that was killed goes on, and removed once the catalog has it all. A `preview` is called with the
    state while the pass goes on; what it or an earlier run's stored is removed.
    """
    store.forget_previews(network.name)
    missing = [
        layer
        for layer in layers
        if not store.has_layer(
            network.name, layer.name, provenance_of(network, [layer], manifest, options.exemplars).key()
        )
    ]
    if not missing:
        return {skip.path: skip.reason for skip in manifest.skipped}
    for layer in missing:
        if store.knows_layer(network.name, layer.name):
            say(
                f"{layer.name}: the catalog holds exemplars of other images or settings; new ones are shown "
                "from now on, and words start anew. Keep both apart with another --catalog or --name"
            )
    key = provenance_of(network, missing, manifest, options.exemplars).key()
    options = replace(options, pictures=store.policy_for(options.pictures))
    kept, name = cache_dir() / "exemplars", _state_name(key, options.pictures)
    state_file, shard_folder = kept / f"{name}.safetensors", kept / name
    if options.fresh:
        _forget(state_file, shard_folder)
    if options.engine is None:
        state = find_exemplars(
            network,
            missing,
            manifest,
            options.exemplars,
            state_file=state_file,
            pictures=options.pictures or PicturePolicy.KEEP,
            workers=options.workers,
            progress=lambda done, total: progress("exemplars", done, total),
            preview=preview,
        )
    else:
        state = find_with_workers(
            network, missing, manifest, options, shard_folder, progress, preview=preview
        )
    store.forget_previews(network.name)
    store_state(store, network.name, state)
    _forget(state_file, shard_folder)
    return {skip.path: skip.reason for skip in state.skipped}


def _state_name(key: str, pictures: PicturePolicy | None) -> str:
    """States of unlike policies stand apart: one that keeps pictures is nothing to go on from without."""
    return key if pictures is PicturePolicy.KEEP else f"{key}.{pictures}"


def _forget(state_file: Path, shard_folder: Path) -> None:
    state_file.unlink(missing_ok=True)
    shutil.rmtree(shard_folder, ignore_errors=True)


def merge_shards(
    files: Sequence[Path], catalog: CatalogPlace | Path | str, *, name: str | None = None
) -> ExemplarState:
    """Put the states of all shards, in any order, into a catalog: exactly the one-pass result.

    StateError when a shard is missing, given twice, or of another run.
    """
    state = ExemplarState.merged(files)
    with Catalog.open(catalog, create=True) as store:
        store_state(store, name or state.network, state)
    return state


def store_state(store: Catalog, network: str, state: ExemplarState) -> None:
    """Put all layers of a complete state into a catalog, a transaction a layer."""
    found = state.finish()
    pictures = state.pictures()
    store.add_network(network, state.provenance, state.layer_order)
    for layer, exemplars in found.items():
        store.store_layer(network, exemplars, state.provenance.for_layer(layer), pictures, state.kept)
