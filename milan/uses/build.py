"""The whole way from a network and a folder of images to a catalog of described units."""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from typing import NamedTuple

from milan.catalog import Catalog
from milan.datasets import Manifest, Side
from milan.describe import (
    FEWEST_MEASURED,
    FEWEST_SELECTED,
    Judge,
    Presence,
    WholeRange,
    describe_layer,
    gather_evidence,
    open_simulator,
    open_voice,
)
from milan.errors import BadSetting
from milan.networks import Layer, Network
from milan.places import CatalogPlace
from milan.records import LayerExemplars, UnitStatus
from milan.uses.measuring import images_of, read_measured
from milan.uses.options import DescribeOptions, Summary
from milan.uses.preview import Preview, Speakers
from milan.uses.shards import choose_layers, find_missing, scan_images
from milan.uses.views import Views

__all__ = ["Progress", "Say", "describe_manifest", "describe_network"]

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""
Say = Callable[[str], None]
"""Called with one line that a person should read."""


def describe_network(
    network: Network,
    images: Path | str,
    catalog: CatalogPlace | Path | str,
    options: DescribeOptions | None = None,
    *,
    progress: Progress = lambda stage, done, total: None,
    say: Say = lambda line: None,
) -> Summary:
    """Find the exemplars of every chosen unit, put words to them, and store both.

    Everything already in the catalog, or in a saved state of the same contents and settings, is used
    again: a run that was killed goes on where it was. Raises MilanError for whatever the user can mend.
    """
    options = options or DescribeOptions()
    if options.preview and options.captioner is None:
        raise BadSetting("a preview is of words: leave it out where none are written")
    _check_units(options, choose_layers(network, options.layers))  # before images are hashed
    manifest = scan_images(Path(images), options)
    return describe_manifest(network, manifest, catalog, options, progress=progress, say=say)


def describe_manifest(
    network: Network,
    manifest: Manifest,
    catalog: CatalogPlace | Path | str,
    options: DescribeOptions,
    *,
    progress: Progress = lambda stage, done, total: None,
    say: Say = lambda line: None,
) -> Summary:
    """`describe_network` with images that are listed already."""
    layers = choose_layers(network, options.layers)
    voice = simulator = None
    if options.captioner is not None:  # opened first: a mistyped name should not cost a pass over the images
        voice = open_voice(
            options.captioner, network.module, encoder=options.encoder, phrases=options.phrases
        )
        if options.simulator is not None:
            simulator = open_simulator(options.simulator, network.module, voice)
    with Catalog.open(catalog, create=True, fresh=options.fresh) as store:
        store.policy_for(options.pictures)  # refused now, not after a pass over the images
        names, speakers = [layer.name for layer in layers], None
        preview = None
        if voice is not None:
            speakers = Speakers(voice, simulator)
            if options.preview:
                preview = Preview(store, network, manifest, speakers, options, say)
        skipped = find_missing(store, network, layers, manifest, options, progress, say, preview=preview)
        if speakers is not None:
            views = Views(network.preprocessing, manifest)
            _describe(store, network.name, names, views, speakers, options, progress)
        counts = Counter(
            str(unit.status) for layer in layers for unit in store.units(network.name, layer.name)
        )
    if voice is not None:
        say(f"described by {voice.name}")
    return Summary(
        network=network.name,
        catalog=str(store.place),
        n_images=len(manifest) + len(manifest.skipped),
        n_skipped=len(skipped),
        skipped=tuple(sorted(skipped.items())),
        n_units=sum(counts.values()),
        statuses=dict(sorted(counts.items())),
        captioner=None if voice is None else voice.name,
        k=options.exemplars.k,
        n_exemplar_images=sum(
            side is Side.EXEMPLAR and path not in skipped
            for path, side in zip(manifest.paths, manifest.sides, strict=True)
        ),
    )


class _Waiting(NamedTuple):
    """A layer's highest or lowest activations, which await words."""

    exemplars: LayerExemplars
    version: int
    downward: bool


def _describe(
    store: Catalog,
    network: str,
    layers: Sequence[str],
    views: Views,
    speakers: Speakers,
    options: DescribeOptions,
    progress: Progress,
) -> None:
    """Describe the layers that await it; a version that was begun with the same settings goes on."""
    voice, simulator = speakers
    versions = {name: version_of(name) for name in ("torch", "transformers", "timm", "faiss-cpu")}
    measured_by = None if simulator is None else simulator.identity
    settings = {**options.pmi.as_dict(), "voice": voice.identity, "simulator": measured_by}
    waiting: list[_Waiting] = []
    for layer in layers:
        highest = store.layer_exemplars(network, layer)
        for exemplars, downward in ((highest, False), (highest.downward, True)):
            if exemplars is None:
                continue
            version = store.start_description(network, layer, settings, versions, downward=downward)
            if not _wanted(exemplars, options) <= store.described(version):
                waiting.append(_Waiting(exemplars, version, downward))
            else:
                store.finish_description(version)
    if not waiting:
        return
    every = [one.exemplars for one in waiting]
    sampled = images_of((exemplars.selected for exemplars in every), FEWEST_SELECTED)
    gathered = gather_evidence(
        every,
        views.open,
        voice,
        sampled=sampled,
        workers=options.workers,
        progress=lambda done, total: progress("reading exemplars", done, total),
    )
    presence = Presence(gathered.patches, voice.encoder, voice.bank)
    measuring = None
    if simulator is not None:
        measuring = read_measured(every, views, simulator, options.workers, progress)
    for (exemplars, version, downward), seen in zip(waiting, gathered.layers, strict=True):
        stage = f"describing {exemplars.layer}{' downward' if downward else ''}"
        wanted = _wanted(exemplars, options)
        done = store.described(version) & wanted
        progress(stage, len(done), len(wanted))
        whole_range = judge = None
        if len(exemplars.selected.images) >= FEWEST_SELECTED:
            whole_range = WholeRange(exemplars.selected, presence)
        if measuring is not None and len(exemplars.measured.images) >= FEWEST_MEASURED:
            judge = Judge(exemplars.measured, measuring)
        for chunk in describe_layer(
            seen, voice, options.pmi, whole_range=whole_range, judge=judge, units=wanted, done=done
        ):
            against = (counter.image for words in chunk for counter in words.counter_exemplars)
            store.store_descriptions(version, chunk, views.kept(against, store.policy_for(options.pictures)))
            done |= {description.unit_index for description in chunk}
            progress(stage, len(done), len(wanted))
        if judge is not None:
            store.store_shuffled(version, judge.of_shuffled(store.best_phrases(version)))
        store.finish_description(version)


def _check_units(options: DescribeOptions, layers: Sequence[Layer]) -> None:
    asked = [options.units_of(layer.name) for layer in layers]
    most = max(layer.n_units for layer in layers)
    if all(units is not None and min(units, default=most) >= most for units in asked):
        first = min(min(units, default=0) for units in asked if units is not None)
        raise BadSetting(f"--units begins at {first}, the chosen layers have 0-{most - 1}")


def _wanted(exemplars: LayerExemplars, options: DescribeOptions) -> set[int]:
    """Units that await words."""
    asked = options.units_of(exemplars.layer)
    return {
        unit
        for unit, status in enumerate(exemplars.statuses)
        if status is UnitStatus.PENDING and (asked is None or unit in asked)
    }
