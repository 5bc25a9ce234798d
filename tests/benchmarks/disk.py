"""From images on disk to finished exemplars, beside a plain loop that decodes and runs the same images.

    python tests/benchmarks/disk.py [--images DIR] [--n 2000] [--workers 2] [--rounds 2] [--json FILE]

EfficientNet-Lite0, three layers. The plain loop decodes with as many threads, stays as far ahead, and runs
the whole network; ours lists and hashes the folder, saves its state as it goes, and stores the layers in a
catalog. The two take turns, in swapped order from round to round, so that what else the machine does falls on
both. Without `--images` the pictures are made, as JPEG files.
"""

import argparse
import json
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pictures import make_pictures
from PIL import Image, ImageOps

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.exemplars import ExemplarSettings, find_exemplars
from milan.networks import Layer, Network, open_network

LAYERS = ("blocks.2", "blocks.4", "bn2")


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    network = open_network("builtin:efficientnet-lite0")
    layers = [network.layer(name) for name in LAYERS]
    settings = ExemplarSettings(batch_size=options.batch_size)
    with tempfile.TemporaryDirectory() as made:
        folder = options.images or make_pictures(Path(made), options.n, suffix=".jpg")
        files = [folder / path for path in Manifest.scan(folder, limit=options.n).paths]
        plain_loop(network, files[: 2 * settings.batch_size], settings.batch_size, options.workers)  # warm up
        seconds: dict[str, list[float]] = {"plain": [], "ours": []}
        for index in range(options.rounds):
            for name in ("plain", "ours") if index % 2 == 0 else ("ours", "plain"):
                with tempfile.TemporaryDirectory() as scratch:
                    start = time.perf_counter()
                    if name == "ours":
                        to_catalog(
                            network, layers, folder, options.n, settings, options.workers, Path(scratch)
                        )
                    else:
                        plain_loop(network, files, settings.batch_size, options.workers)
                    seconds[name].append(time.perf_counter() - start)
    ratios = [ours / plain for plain, ours in zip(seconds["plain"], seconds["ours"], strict=True)]
    found = {
        "images": len(files),
        "plain_s": [round(value, 1) for value in seconds["plain"]],
        "ours_s": [round(value, 1) for value in seconds["ours"]],
        "ratio": round(sum(seconds["ours"]) / sum(seconds["plain"]), 4),
        "ratio_of_each_round": [round(ratio, 4) for ratio in ratios],
    }
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def plain_loop(network: Network, files: Sequence[Path], batch_size: int, workers: int) -> None:
    """Decode with threads, two batches ahead, and run the network."""
    preprocessing = network.preprocessing

    def decode(file: Path) -> Any:
        with Image.open(file) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        return preprocessing.to_input(preprocessing.view(picture))

    def run(inputs: list[Future[Any]]) -> None:
        network.forward(torch.from_numpy(np.stack([future.result() for future in inputs])))

    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[list[Future[Any]]] = deque()
        for first in range(0, len(files), batch_size):
            ahead.append([pool.submit(decode, file) for file in files[first : first + batch_size]])
            if len(ahead) > 2:
                run(ahead.popleft())
        while ahead:
            run(ahead.popleft())


def to_catalog(
    network: Network,
    layers: Sequence[Layer],
    folder: Path,
    limit: int,
    settings: ExemplarSettings,
    workers: int,
    scratch: Path,
) -> None:
    """All that a run without captions does after start-up."""
    state = find_exemplars(
        network,
        layers,
        Manifest.scan(folder, limit=limit),
        settings,
        state_file=scratch / "state.safetensors",
        workers=workers,
    )
    found, pictures = state.finish(), state.pictures()
    with Catalog.open(scratch / "catalog.db", create=True) as store:
        store.add_network(network.name, state.provenance, state.layer_order)
        for name, exemplars in found.items():
            store.store_layer(network.name, exemplars, state.provenance.for_layer(name), pictures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--n", type=int, default=2000, help="images")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
