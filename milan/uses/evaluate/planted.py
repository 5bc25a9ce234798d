"""The planted benchmark: networks whose units are known, described like any other, graded by the truth."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from milan.catalog import Catalog
from milan.describe import FEWEST_MEASURED, open_voice
from milan.uses.build import describe_network
from milan.uses.evaluate.benchmark import Benchmark, Subject, open_benchmark
from milan.uses.evaluate.catalog import evaluate_catalog
from milan.uses.evaluate.grading import Said
from milan.uses.evaluate.options import EvaluateOptions, PlantedOptions
from milan.uses.evaluate.report import PlantedReport
from milan.uses.evaluate.scoring import Described, gains_of, judge, results_of, ways_of
from milan.uses.evaluate.specificity import Retrieval
from milan.uses.shards import scan_images
from milan.uses.views import Views

__all__ = ["evaluate_planted"]

Progress = Callable[[str, int, int], None]


def evaluate_planted(
    options: PlantedOptions | None = None,
    *,
    progress: Progress = lambda stage, done, total: None,
) -> list[PlantedReport]:
    """Describe planted networks in every way of the options and grade what is said.

    The first report is of the network that is known by construction; with `trained` a second one is of
    heads trained on masks. Scenes are kept in the cache: another captioner meets the same ones.
    """
    options = options or PlantedOptions()
    benchmark = open_benchmark(options, progress)
    subjects = [benchmark.constructed()]
    if options.trained and (heads := benchmark.trained()) is not None:
        subjects.append(heads)
    return [_evaluate(subject, benchmark, options, progress) for subject in subjects]


def _evaluate(
    subject: Subject, benchmark: Benchmark, options: PlantedOptions, progress: Progress
) -> PlantedReport:
    started = time.monotonic()
    network, layer = subject.network, subject.layer
    first = options.way(next(iter(options.ways)), layer)
    with tempfile.TemporaryDirectory() as scratch:
        catalog = Path(scratch) / "units.db"
        ways: dict[str, list[Said]] = {}
        for name in reversed(list(options.ways)):  # the first one last: it is what the catalog shows then
            describe_network(network, benchmark.folder, catalog, options.way(name, layer), progress=progress)
            ways[name] = _said(catalog, network.name, layer)
        with Catalog.open(catalog) as store:
            exemplars = store.layer_exemplars(network.name, layer)
        faithfulness = None
        if first.simulator is not None and len(exemplars.measured.images) >= FEWEST_MEASURED:
            asked = EvaluateOptions(images=benchmark.folder, seed=options.seed, workers=options.workers)
            (faithfulness,) = evaluate_catalog(catalog, asked, progress=progress)
    voice = open_voice(options.captioner, network.module, encoder=first.encoder)
    views = Views(network.preprocessing, scan_images(benchmark.folder, first))
    retrieval = Retrieval(exemplars, views.open, voice, options.workers)
    top_images = tuple(
        benchmark.main_objects[found[0].source] if (found := exemplars.of(unit)) else ""
        for unit in range(len(subject.units))
    )
    ways = {name: ways[name] for name in options.ways}
    described = Described(subject.units, ways, top_images, options.seed)
    judged, baselines = judge(described, retrieval)
    return PlantedReport(
        network=network.name,
        voice=voice.name,
        n_images=options.n_images,
        seed=options.seed,
        ways=ways_of(subject.units, judged, baselines),
        gains=gains_of(judged, baselines),
        units=results_of(described, next(iter(judged.values()))),
        faithfulness=faithfulness,
        seconds=time.monotonic() - started,
    )


def _said(catalog: Path, network: str, layer: str) -> list[Said]:
    with Catalog.open(catalog) as store:
        return [Said.of(unit.description, unit.status) for unit in store.units(network, layer)]
