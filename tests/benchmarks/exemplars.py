"""Cost, accuracy and memory of the one pass over ResNet-50, beside the bare forward pass.

    python tests/benchmarks/exemplars.py [--images DIR] [--weights FILE] [--n 1024] [--json FILE]

Every batch is decoded beforehand, then run bare and with exemplars in turn, so that whatever else the machine
does falls on both. Without `--images` the pictures are made: noise with the spectrum of natural images and
flat shapes. Without `--weights` the network is random, its normalisation fitted to those pictures.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from instruments import Clock, Resident
from pictures import make_pictures

from milan.datasets import Batch, Manifest, Side
from milan.exemplars import ExemplarSettings, ExemplarState
from milan.exemplars.batch_rows import BatchRows
from milan.exemplars.find import batches_of, empty_state, look
from milan.networks import Layer, Network, open_network, record
from milan.statistics import QuantileCounts, TopK

LAYERS = ("conv1", "layer1", "layer2", "layer3", "layer4")


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    settings = ExemplarSettings(batch_size=options.batch_size)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.images or make_pictures(Path(scratch), options.n)
        manifest = Manifest.scan(folder, limit=options.n)
        network = open_network("torchvision:resnet50", weights=options.weights or "random")
        everything = range(-(-len(manifest) // settings.batch_size))
        batches = list(batches_of(network, manifest, settings, 2, everything))
    if options.weights is None:
        fit_normalisation(network, batches)
    layers = [network.layer(name) for name in LAYERS]
    found = {
        "images": len(manifest),
        **measure_memory(network, layers, manifest, settings, batches),
        **measure_time(network, layers, manifest, settings, batches),
        **measure_way_of_one_layer_a_pass(network, layers, batches, options.few),
    }
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def measure_time(
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    settings: ExemplarSettings,
    batches: Sequence[Batch],
) -> dict[str, Any]:
    """Bare and with exemplars, batch by batch in turn; then how far each threshold is from its quantile."""
    state = empty_state(network, layers, manifest, settings)
    bare, ours = Clock(), Clock()
    for batch in batches:
        inputs = torch.from_numpy(batch.inputs)
        tasks: list[tuple[Clock, Callable[[], object]]] = [
            (bare, lambda inputs=inputs: network.forward(inputs)),
            (ours, lambda batch=batch: look_and_settle(network, layers, manifest, batch, state)),
        ]
        for clock, task in tasks if batch.index % 2 else reversed(tasks):
            clock.time(task)
    finish = Clock()
    finished = finish.time(state.finish)
    finishing = sum(finish.wall)
    ratio = (sum(ours.wall) + finishing) / sum(bare.wall)
    rng = np.random.default_rng(0)
    pairs = np.array([bare.wall, ours.wall])
    drawn = pairs[:, rng.integers(0, pairs.shape[1], (2000, pairs.shape[1]))].sum(axis=2)
    low, high = np.quantile((drawn[1] + finishing) / drawn[0], [0.025, 0.975])
    levels = {name: torch.from_numpy(layer.thresholds) for name, layer in finished.items()}
    return {
        "bare_s": round(sum(bare.wall), 2),
        "ours_s": round(sum(ours.wall), 2),
        "finish_s": round(finishing, 3),
        "ratio": round(ratio, 4),
        "ratio_95": [round(low, 4), round(high, 4)],
        "ratio_of_medians": round(statistics.median(ours.wall) / statistics.median(bare.wall), 4),
        "ratio_of_processor_time": round(sum(ours.processor + finish.processor) / sum(bare.processor), 4),
        "threshold_error": threshold_errors(network, layers, manifest, batches, levels, settings.quantile),
    }


def look_and_settle(
    network: Network, layers: Sequence[Layer], manifest: Manifest, batch: Batch, state: ExemplarState
) -> None:
    """One batch with all of its counting, which would otherwise end during the next bare pass."""
    look(network, layers, manifest, batch, state)
    for layer in state.layers.values():
        layer.counts.settle()


def threshold_errors(
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    batches: Sequence[Batch],
    levels: dict[str, torch.Tensor],
    quantile: float,
) -> dict[str, float]:
    """Worst unit of each layer: distance of the quantile from [P(a < t), P(a <= t)], over all positions."""
    below = {layer.name: torch.zeros(layer.n_units, dtype=torch.int64) for layer in layers}
    at_most = {layer.name: torch.zeros(layer.n_units, dtype=torch.int64) for layer in layers}
    for batch in batches:
        rows = BatchRows.of(batch, manifest, frozenset(), frozenset()).exemplar.tolist()

        def count(layer: Layer, activations: torch.Tensor, rows: list[int] = rows) -> None:
            level = levels[layer.name][:, None, None]
            for row in rows:
                below[layer.name] += (activations[row] < level).sum((1, 2))
                at_most[layer.name] += (activations[row] <= level).sum((1, 2))

        with record(network, layers, count):
            network.forward(torch.from_numpy(batch.inputs))
    skipped = {at for batch in batches for at in batch.skipped}
    n_images = sum(side is Side.EXEMPLAR and at not in skipped for at, side in enumerate(manifest.sides))
    errors = {}
    for layer in layers:
        n = n_images * layer.grid[0] * layer.grid[1]
        short = below[layer.name] / n - quantile
        over = quantile - at_most[layer.name] / n
        errors[layer.name] = round(float(torch.maximum(short, over).clamp_min(0).max()), 6)
    return errors


def measure_memory(
    network: Network,
    layers: Sequence[Layer],
    manifest: Manifest,
    settings: ExemplarSettings,
    batches: Sequence[Batch],
) -> dict[str, Any]:
    """Peak memory of the pass above that of the bare forward passes, which hold network and activations."""
    network.forward(torch.from_numpy(batches[0].inputs))
    with Resident() as without:
        for batch in batches[:3]:
            network.forward(torch.from_numpy(batch.inputs))
    with Resident() as during:
        state = empty_state(network, layers, manifest, settings)
        for batch in batches[:6]:
            look(network, layers, manifest, batch, state)
        state.done[:] = True
        state.finish()
        with tempfile.TemporaryDirectory() as scratch:
            saving = time.perf_counter()
            n_bytes = state.save(Path(scratch) / "state")
            saving = time.perf_counter() - saving
    return {
        "bare_peak_gb": round(without.peak / 1e9, 3),
        "peak_gb": round(during.peak / 1e9, 3),
        "extra_gb": round((during.peak - without.peak) / 1e9, 3),
        "state_file_mb": round(n_bytes / 1e6, 1),
        "save_s": round(saving, 3),
    }


def measure_way_of_one_layer_a_pass(
    network: Network, layers: Sequence[Layer], batches: Sequence[Batch], n_batches: int
) -> dict[str, Any]:
    """Seconds an image of the usual way: for each layer a pass for top-k and quantile and a pass for masks.

    Kind to it: quantile counts instead of a sketch, masks at the layer's own resolution, and nothing written.
    """
    few = batches[:n_batches]
    n_images = sum(batch.n_images for batch in few)
    start = time.perf_counter()
    for layer in layers:
        top, counts = TopK(layer.n_units, 15), QuantileCounts(layer.n_units)

        def tally(layer: Layer, activations: torch.Tensor) -> None:
            top.add(activations.amax((2, 3)).T, torch.arange(len(activations)) + first)  # noqa: B023
            counts.add(list(activations))  # noqa: B023

        for batch in few:
            first = batch.first
            with record(network, [layer], tally):
                network.forward(torch.from_numpy(batch.inputs))
        level = torch.from_numpy(counts.quantile(0.99))[:, None, None]

        def mask(layer: Layer, activations: torch.Tensor) -> None:
            activations.gt(level)  # noqa: B023

        for batch in few:
            with record(network, [layer], mask):
                network.forward(torch.from_numpy(batch.inputs))
    return {"layer_by_layer_s_an_image": round((time.perf_counter() - start) / n_images, 4)}


def fit_normalisation(network: Network, batches: Sequence[Batch]) -> None:
    """Set the running means and variances of a random network from pictures, so that it keeps its scale."""
    for module in network.module.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
            torch.nn.init.normal_(module.weight, 0.7, 0.25)
            torch.nn.init.normal_(module.bias, -0.1, 0.25)
    network.module.train()
    with torch.no_grad():
        for batch in batches[:2]:
            network.module(torch.from_numpy(batch.inputs))
    network.module.eval()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--n", type=int, default=1024, help="images")
    parser.add_argument("--few", type=int, default=4, help="batches of the layer-by-layer way")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
