"""Bar: a layer of 1,280 units over 2,000 images is described at >= 10 units a second on 2 cores.

Everything after the exemplars is timed: opening the captioner, reading the exemplar pictures (each once),
candidates, likelihoods, ranking and the catalog. Says where the time goes.

    python tests/benchmarks/descriptions.py [--images DIR] [--n-images 2000] [--repeats 3]

Without --images, scenes are rendered (seed 0). Catalog and exemplars are made first and not timed.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.describe import PmiSettings, describe_layer, gather_evidence, open_voice
from milan.describe.candidates import CandidateFinder
from milan.networks import open_network
from milan.scenes import SceneSettings, write_scenes
from milan.uses import DescribeOptions, describe_network
from milan.uses.views import Views

LAYER = "bn2"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--images", type=Path)
    asked.add_argument("--n-images", type=int, default=2000)
    asked.add_argument("--repeats", type=int, default=3)
    options = asked.parse_args()
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images = options.images
        if images is None:
            images = folder / "scenes"
            write_scenes(images, options.n_images, 0, SceneSettings())
        network = open_network("builtin:efficientnet-lite0")
        look = DescribeOptions(layers=(LAYER,), captioner=None, limit=options.n_images)
        summary = describe_network(network, images, folder / "units.db", look)
        print(f"{summary.n_units} units, {summary.n_images} images")
        speeds = []
        for repeat in range(options.repeats):
            say = replace(look, captioner="default", pmi=PmiSettings(lambda_=0.5 + repeat * 1e-6))
            start = time.perf_counter()
            describe_network(network, images, folder / "units.db", say)
            took = time.perf_counter() - start
            speeds.append(summary.n_units / took)
            print(f"run {repeat}: {took:.1f} s, {speeds[-1]:.1f} units a second")
        speeds.sort()
        print(
            f"units a second: {speeds[len(speeds) // 2]:.1f} [{speeds[0]:.1f}, {speeds[-1]:.1f}] (bar: >= 10)"
        )
        _where_time_goes(network, images, folder / "units.db", look)


def _where_time_goes(network, images, catalog, options) -> None:  # type: ignore[no-untyped-def]
    @contextmanager
    def stage(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        print(f"  {name:<44} {time.perf_counter() - start:6.1f} s")

    with stage("opening the captioner"):
        voice = open_voice("default", network.module)
    with stage("listing and hashing the images"):
        views = Views(network.preprocessing, Manifest.scan(images, limit=options.limit))
    with Catalog.open(catalog) as store, stage("exemplars out of the catalog"):
        exemplars = store.layer_exemplars(network.name, LAYER)
    with stage("reading the exemplar pictures"):
        (evidence,) = gather_evidence([exemplars], views.open, voice).layers
    with stage("candidates (bank, look-alikes, decoder)"):
        finder = CandidateFinder(evidence, voice, options.pmi)
        phrases = {phrase for unit in evidence.units for phrase in finder.of(unit).phrases}
    with stage(f"log p(d) of {len(phrases)} phrases"):
        voice.captioner.log_p_prior(sorted(phrases))
    with stage("candidates, log p(d), log p(d|E) and ranking"):
        chunks = list(describe_layer(evidence, voice, options.pmi))
    with Catalog.open(catalog) as store, stage("words into the catalog"):
        version = store.start_description(network.name, LAYER, {"timed": True}, {})
        for chunk in chunks:
            store.store_descriptions(version, chunk)


if __name__ == "__main__":
    main()
