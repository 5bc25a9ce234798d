"""What a pass costs an image, a unit and a shard here, and what that makes of large runs: docs/scale.md.

    python tests/benchmarks/scale.py [--images DIR] [--n 64] [--cores 2] [--words-s .34] [--json FILE]

ResNet-50 with drawn weights, five layers (3,904 units), one thread. All seconds are of processor time, which
other work on the machine does not stretch. The table is arithmetic on these figures, written out in `Run`.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import torch
from exemplars import LAYERS, fit_normalisation, look_and_settle
from pictures import make_pictures

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.exemplars import ExemplarSettings, ExemplarState
from milan.exemplars.find import batches_of, empty_state
from milan.networks import open_network

T = TypeVar("T")
IMAGENET = 1_281_167
SHARDS_A_WORKER = 8
K = 15
THUMBNAIL = 5_000
"""Bytes of a small picture."""
SAMPLED = 2 * 2048
"""Images of both samples, of each of which a unit's mean, peak and lowest activation are kept."""
STATE_ROW, CATALOG_ROW = 3 * 4, 2 * 2
"""Bytes of a sampled image and unit; the catalog keeps mean and peak, in half precision."""
COUNTS_IN_MEMORY = 5121 * 8 + (1 << 14) * 2
"""Bytes of a unit's counts, and of values that wait to be counted."""


@dataclass(frozen=True)
class Costs:
    """Measured seconds of one core, and bytes."""

    hash_image: float
    """Listing and hashing."""
    decode_image: float
    forward_image: float
    keep_image_unit: float
    """What is kept of each unit, for each image."""
    state_unit_bytes: float
    """Of a saved state, without samples and pictures."""
    save_gb: float
    merge_gb: float
    """Reading a shard's state and merging it."""
    catalog_unit: float
    catalog_unit_bytes: float
    """Without samples and pictures."""
    words_unit: float
    """Describing, measured by tests/benchmarks/descriptions.py."""


@dataclass(frozen=True)
class Run:
    """A network and its images, by so many machines."""

    name: str
    images: int
    units: int
    forwards: float
    """The network's forward pass, in those of ResNet-50."""

    def hours(self, costs: Costs, machines: int, cores: int) -> dict[str, float]:
        """Of each step; the pass is shared, words use one machine's cores, the others are one process's."""
        workers = machines * cores
        image = costs.decode_image + costs.forward_image * self.forwards + costs.keep_image_unit * self.units
        state = self.state_gb(costs)
        seconds = {
            "list": self.images * costs.hash_image,
            "pass": self.images * image / workers + SHARDS_A_WORKER * state * costs.save_gb,
            "merge": SHARDS_A_WORKER * workers * state * costs.merge_gb,
            "catalog": self.units * costs.catalog_unit,
            "words": self.units * costs.words_unit / cores,
        }
        return {step: taken / 3600 for step, taken in seconds.items()}

    def gigabytes(self, costs: Costs, machines: int, cores: int) -> dict[str, float]:
        """Memory of one worker beyond the network; shared disk at its fullest; the catalog."""
        files = machines * cores + 16 + 2  # being written, kept apart, the merged one and its successor
        catalog = (
            self.units * (costs.catalog_unit_bytes + self.sampled * CATALOG_ROW) / 1e9 + self.pictures_gb
        )
        memory = self.state_gb(costs) + self.units * COUNTS_IN_MEMORY / 1e9
        return {"memory": memory, "disk": self.state_gb(costs) * files, "catalog": catalog}

    def state_gb(self, costs: Costs) -> float:
        """A saved state: of a shard too, for what is kept of a unit does not grow with the images."""
        return self.units * (costs.state_unit_bytes + self.sampled * STATE_ROW) / 1e9 + self.pictures_gb

    @property
    def sampled(self) -> int:
        """Images of both samples."""
        return min(SAMPLED, self.images)

    @property
    def pictures_gb(self) -> float:
        """Small pictures, at most: no two units share one."""
        return min(self.images, K * self.units) * THUMBNAIL / 1e9


RUNS = (
    Run("ImageNet, ResNet-50, 3,904 units", IMAGENET, 3_904, 1),
    Run("ImageNet, 100,000 units, ten times the arithmetic", IMAGENET, 100_000, 10),
    Run("100,000 images, 100,000 units, ten times the arithmetic", 100_000, 100_000, 10),
)


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    costs = measure(options.images, options.n, options.words_s)
    for name, value in asdict(costs).items():
        print(f"{name:20} {value:.3g}")
    for run in RUNS:
        print(f"\n{run.name}: hours of {options.cores} cores a machine, GB\n")
        print(
            "| machines | list | pass | merge | catalog | words | a worker's memory | shared disk | catalog |"
        )
        print("|---:|" + "---:|" * 8)
        for machines in (1, 8, 64):
            hours = run.hours(costs, machines, options.cores)
            sizes = run.gigabytes(costs, machines, options.cores)
            cells = [
                f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
                for value in (*hours.values(), *sizes.values())
            ]
            print(f"| {machines} | {' | '.join(cells)} |")
    if options.json:
        options.json.write_text(json.dumps(asdict(costs), indent=1) + "\n")


def measure(images: Path | None, n: int, words: float) -> Costs:
    """All costs, of so many images and ResNet-50's units."""
    settings = ExemplarSettings(batch_size=16)
    with tempfile.TemporaryDirectory() as scratch:
        pictures = Path(scratch) / "pictures"
        pictures.mkdir()
        folder = images or make_pictures(pictures, n, suffix=".jpg", size=430)  # ImageNet's mean area
        listing, manifest = timed(lambda: Manifest.scan(folder, limit=n))
        network = open_network("torchvision:resnet50", weights="random")
        decoding, batches = timed(
            lambda: list(batches_of(network, manifest, settings, 1, range(-(-len(manifest) // 16))))
        )
        fit_normalisation(network, batches)
        layers = [network.layer(name) for name in LAYERS]
        units = sum(layer.n_units for layer in layers)
        state = empty_state(network, layers, manifest, settings)
        bare, looking = 0.0, 0.0
        for batch in batches:
            inputs = torch.from_numpy(batch.inputs)
            bare += timed(lambda inputs=inputs: network.forward(inputs))[0]
            looking += timed(lambda batch=batch: look_and_settle(network, layers, manifest, batch, state))[0]
        file, n_images = Path(scratch) / "state", len(manifest)
        saving, n_bytes = timed(lambda: state.save(file))
        merging = min(timed(lambda: state.merge(read(file)))[0] for _ in range(3))
        state.done[:] = True
        path = Path(scratch) / "units.db"
        sampled = len(state.measured_images) + len(state.selected_images)
        small = sum(len(content) for content in state.pictures().values())
        storing = timed(lambda: store(state, path))[0]
        return Costs(
            hash_image=listing / n_images,
            decode_image=decoding / n_images,
            forward_image=bare / n_images,
            keep_image_unit=max(0.0, looking - bare) / n_images / units,
            state_unit_bytes=(n_bytes - small) / units - sampled * STATE_ROW,
            save_gb=saving / n_bytes * 1e9,
            merge_gb=merging / n_bytes * 1e9,
            catalog_unit=storing / units,
            catalog_unit_bytes=(path.stat().st_size - small) / units - sampled * CATALOG_ROW,
            words_unit=words,
        )


def read(file: Path) -> ExemplarState:
    """A shard's state as another shard's: nothing of it was seen before."""
    state = ExemplarState.load(file)
    state.done[:] = False
    return state


def store(state: ExemplarState, path: Path) -> None:
    """What `milan merge` does once all is merged."""
    found, pictures = state.finish(), state.pictures()
    with Catalog.open(path, create=True) as catalog:
        catalog.add_network("bench", state.provenance, state.layer_order)
        for layer, exemplars in found.items():
            catalog.store_layer("bench", exemplars, state.provenance.for_layer(layer), pictures)


def timed(task: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of a task and its answer."""
    started = time.process_time()
    answer = task()
    return time.process_time() - started, answer


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--n", type=int, default=64, help="images")
    parser.add_argument("--cores", type=int, default=2, help="of each machine")
    parser.add_argument("--words-s", type=float, default=0.34, help="core seconds to describe a unit")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
