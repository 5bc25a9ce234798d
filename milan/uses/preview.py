"""A few units described while the pass over the images goes on, roughly at first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.describe import (
    FEWEST_SELECTED,
    Judge,
    Presence,
    Simulator,
    Voice,
    WholeRange,
    describe_layer,
    gather_evidence,
    read_patches,
)
from milan.exemplars import ExemplarState
from milan.networks import Network
from milan.records import Description, LayerExemplars, Measured, PicturePolicy, UnitId, UnitStatus
from milan.uses.options import DescribeOptions
from milan.uses.views import Views

__all__ = ["Preview", "Speakers"]

_UNITS = 8
"""Described each time, of all layers together."""
_IMAGES = 256
"""Most of a sample that are read each time: a preview must cost little of the pass."""
_FEWEST = 30
"""Measured images below which an interval would say nothing."""


class Speakers(NamedTuple):
    """Who speaks, and who measures."""

    voice: Voice
    simulator: Simulator | None


class Preview:
    """Shows a state while its pass goes on: all its exemplars in the catalog, words for a few of its units.

    Each call replaces what the last one stored. Figures are of as few images as were seen, so that their
    intervals are wide and narrow from call to call.
    """

    def __init__(
        self,
        store: Catalog,
        network: Network,
        manifest: Manifest,
        speakers: Speakers,
        options: DescribeOptions,
        say: Callable[[str], None],
    ) -> None:
        self._store, self._network, self._manifest = store, network, manifest
        self._speakers, self._options, self._say = speakers, options, say
        self._units: dict[str, list[int]] = {}

    def __call__(self, state: ExemplarState) -> None:
        """Store the state's exemplars as they are, describe a few units, and say what they are."""
        n_images = min(int(state.done.sum()) * state.settings.batch_size, len(state.paths))
        pictures, name = state.pictures(), self._network.name
        self._store.forget_previews(name)
        self._store.add_network(name, state.provenance, state.layer_order)
        layers = state.finish(so_far=True)
        for layer, exemplars in layers.items():
            provenance = state.provenance.for_layer(layer).as_preview(n_images)
            self._store.store_layer(name, exemplars, provenance, pictures, state.kept)
        self._say(f"preview after {n_images:,} of {len(state.paths):,} images:")
        for layer, described in self._described(list(layers.values()), state.kept.policy).items():
            for own in described:
                self._say(f"  {UnitId(name, layer, own.unit_index)}: {_line(own)}")

    def _described(
        self, layers: Sequence[LayerExemplars], policy: PicturePolicy
    ) -> dict[str, list[Description]]:
        """Words for a few units of each layer, stored."""
        share = max(1, _UNITS // len(layers))
        for layer in layers:
            if not self._units.get(layer.layer):  # the same ones each time, so that they can be followed
                asked = self._options.units_of(layer.layer)
                self._units[layer.layer] = _chosen(layer, asked, share)
        layers = [layer for layer in layers if self._units[layer.layer]]
        chosen = [self._units[layer.layer] for layer in layers]
        few = [_of_units(layer, units) for layer, units in zip(layers, chosen, strict=True)]
        voice, simulator = self._speakers
        views = Views(self._network.preprocessing, self._manifest)
        workers = self._options.workers
        selected = sorted({path for layer in few for path in layer.selected.images})
        gathered = gather_evidence(few, views.open, voice, sampled=selected, workers=workers)
        presence = Presence(gathered.patches, voice.encoder, voice.bank)
        measuring = None
        if simulator is not None:
            measured = sorted({path for layer in few for path in layer.measured.images})
            patches = read_patches(measured, views.open, simulator.encoder, workers=workers)
            measuring = Presence(patches, simulator.encoder, simulator.bank)
        found: dict[str, list[Description]] = {}
        for layer, units, seen in zip(few, chosen, gathered.layers, strict=True):
            whole_range = None
            if len(layer.selected.images) >= FEWEST_SELECTED:
                whole_range = WholeRange(layer.selected, presence)
            judge = None if measuring is None else Judge(layer.measured, measuring, fewest=_FEWEST)
            described = [
                replace(own, unit_index=units[own.unit_index], status=UnitStatus.PREVIEW)
                for chunk in describe_layer(
                    seen, voice, self._options.pmi, whole_range=whole_range, judge=judge
                )
                for own in chunk
            ]
            against = [counter.image for own in described for counter in own.counter_exemplars]
            version = self._store.start_description(self._network.name, layer.layer, {"preview": True}, {})
            self._store.store_descriptions(version, described, views.kept(against, policy))
            found[layer.layer] = described
        return found


def _chosen(layer: LayerExemplars, asked: frozenset[int] | None, n: int) -> list[int]:
    """So many units that have exemplars, spread over those that are asked for."""
    able = [
        unit
        for unit, status in enumerate(layer.statuses)
        if status is UnitStatus.PENDING and (asked is None or unit in asked) and layer.images[unit, 0] >= 0
    ]
    places = np.linspace(0, len(able) - 1, min(n, len(able))).round().astype(int)
    return [able[place] for place in places]


def _of_units(layer: LayerExemplars, units: Sequence[int]) -> LayerExemplars:
    """A layer of some units alone, numbered anew, with smaller samples."""
    own = list(units)
    return replace(
        layer,
        thresholds=layer.thresholds[own],
        statuses=tuple(layer.statuses[unit] for unit in own),
        images=layer.images[own],
        peaks=layer.peaks[own],
        maps=layer.maps[own],
        scales=layer.scales[own],
        measured=_part(layer.measured, own),
        selected=_part(layer.selected, own),
        downward=None,
    )


def _part(sample: Measured, units: Sequence[int]) -> Measured:
    rows = np.linspace(0, len(sample.images) - 1, min(_IMAGES, len(sample.images))).round().astype(int)
    at = np.ix_(rows, np.array(units, int))
    return Measured(tuple(sample.images[row] for row in rows), sample.mean[at], sample.peak[at])


def _line(said: Description) -> str:
    """A phrase, and how far it is known to be right."""
    if said.faithfulness is None:
        return f"{said.phrase} (too few images were measured yet)"
    mean, n = said.faithfulness.mean, said.faithfulness.n_measured
    return f"{said.phrase} ({mean.value:.2f} [{mean.low:.2f}, {mean.high:.2f}] over {n} images)"
