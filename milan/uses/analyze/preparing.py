"""What an analysis works on, and what it will take: what can be wrong is found here, before work begins."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from milan.ablation import Responses, SetTo, TestImages, n_outputs_of, outcome, score_units
from milan.catalog import Catalog
from milan.datasets import LabelledImages
from milan.errors import DataError
from milan.networks import Network
from milan.uses.analyze.described import Described, chosen_layers, read_described
from milan.uses.analyze.options import ORDERS, AnalyzeOptions
from milan.uses.analyze.passes import Passes
from milan.uses.matching import require_same_network

__all__ = ["AnalysisPlan", "Prepared", "plan_analysis", "prepare"]

_FEW = 100  # images a half: below, an interval is wider than most differences
_TIMED = 8


@dataclass(frozen=True, eq=False)
class Prepared:
    """Units, and images in two halves."""

    name: str
    """The network's name in the catalog."""
    layers: tuple[str, ...]
    described: list[Described]
    scoring: Passes
    """Images by which single units are scored."""
    drawing: Passes
    """Other images, by which curves are drawn."""
    n_classes: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """What an analysis will do."""

    network: str
    layers: tuple[str, ...]
    n_units: int
    n_scored: int
    n_drawn: int
    n_passes: int
    """Runs over the images of the curves."""
    seconds: float
    """About how long, by what a few images took; less where the cache holds some of it."""

    def as_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lines(self) -> list[str]:
        """For people."""
        minutes = f"{self.seconds / 60:.0f} minutes" if self.seconds >= 90 else f"{self.seconds:.0f} s"
        return [
            f"{self.network}: {self.n_units} described units of {', '.join(self.layers)}",
            f"each unit switched off alone on {self.n_scored} images",
            f"curves: {self.n_passes} runs over {self.n_drawn} other images",
            f"about {minutes}",
        ]


def prepare(
    catalog: Catalog, network: Network, options: AnalyzeOptions, progress: Callable[[str, int, int], None]
) -> Prepared:
    """Check the request, read words and images; raises what `analyze_network` raises."""
    name = require_same_network(catalog, network, options.name)
    layers = chosen_layers(catalog, name, options.layers)
    described = read_described(catalog, name, layers)
    layers = [layer for layer in layers if any(one.unit.layer == layer for one in described)]
    options.counts(len(described))
    labelled = LabelledImages.read(
        options.images, n_outputs_of(network), outputs=options.outputs, limit=options.limit
    )
    images = TestImages.read(
        network,
        labelled,
        workers=options.workers,
        progress=lambda done, total: progress("reading images", done, total),
    )
    by_path = dict(zip(labelled.manifest.paths, labelled.manifest.hashes, strict=True))
    contents = np.array([by_path[path] for path in images.paths])
    scores = np.array([_scores(content) for content in contents])
    if scores.all() or not scores.any():
        raise DataError(
            f"{options.images}: {len(images)} images do not fall on both sides: one half scores units, "
            f"on the other curves are drawn. Give more images"
        )
    halves = []
    for wanted in (True, False):
        at = np.flatnonzero(scores == wanted)
        halves.append(Passes(network, images.at(at), tuple(contents[at])))
    if options.set_to is SetTo.MEAN:
        scoring = halves[0].images
        responses = Responses.read(
            network, scoring, layers, progress=lambda done, total: progress("reading responses", done, total)
        )
        levels = responses.levels(among=np.ones(len(scoring), np.bool_))
        halves = [replace(half, levels=levels) for half in halves]
    used = {label for half in halves for label in half.images.labels.tolist()}
    return Prepared(
        name, tuple(layers), described, halves[0], halves[1], len(used), _notes(halves, used, images)
    )


def _scores(content: str) -> bool:
    """Whether an image scores units: by the middle of its content's hash, whose ends decide other things."""
    return int(content[24:32], 16) % 2 == 0


def _notes(halves: list[Passes], used: set[int], images: TestImages) -> tuple[str, ...]:
    notes = []
    if len(used) == 1:
        notes.append("all images are of one class: a network that always answers it is right; add others")
    fewest = min(len(half.images) for half in halves)
    if fewest < _FEW:
        notes.append(f"only {fewest} images in a half: expect wide intervals and few differences")
    if images.skipped:
        notes.append(f"{len(images.skipped)} images could not be read and were left out")
    return tuple(notes)


def plan_analysis(
    catalog: Catalog, network: Network, options: AnalyzeOptions, progress: Callable[[str, int, int], None]
) -> AnalysisPlan:
    """What an analysis will do and about how long it takes: tried on a few images, nothing is written."""
    prepared = prepare(catalog, network, options, progress)
    n_counts = len(options.counts(len(prepared.described))) - 1
    n_orders = len(options.orders) or len(ORDERS) - (options.concept is None)
    n_passes = 1 + n_counts * (options.seeds + n_orders * (1 + options.seeds))
    n_scored, n_drawn = len(prepared.scoring.images), len(prepared.drawing.images)
    started = time.perf_counter()
    one = prepared.scoring.images.at(np.arange(1))
    score_units(network, one, prepared.layers, levels=prepared.scoring.levels)
    scored = time.perf_counter()
    few = prepared.drawing.images.at(np.arange(min(_TIMED, n_drawn)))
    outcome(network, few)
    a_pass = (time.perf_counter() - scored) * n_drawn / len(few)
    seconds = (scored - started) * n_scored + a_pass * n_passes
    return AnalysisPlan(
        prepared.name,
        prepared.layers,
        len(prepared.described),
        n_scored,
        n_drawn,
        n_passes,
        round(seconds, 1),
    )
