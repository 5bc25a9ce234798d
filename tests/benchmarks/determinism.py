"""The same bytes however the work is done: workers, shards, merge orders, kills.

    python tests/benchmarks/determinism.py [--images DIR] [--n 200] [--kills 3] [--seed 0] [--json FILE]

EfficientNet-Lite0, three layers. Each way of working ends in a saved state; the states are compared byte by
byte; then batch sizes 1, 7 and 64 are compared by value. Killed runs are processes of their own, ended by
SIGKILL at random moments.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pictures import make_pictures

from milan.datasets import Manifest
from milan.exemplars import ExemplarSettings, ExemplarState, Shard, find_exemplars
from milan.networks import open_network
from milan.records import LayerExemplars

LAYERS = ("blocks.2", "blocks.4", "bn2")


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    if options.state is not None:
        one_pass(options.images, options.n, state_file=options.state, save_every_s=0)
        return
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as scratch:
        options.images = options.images or make_pictures(Path(made), options.n, suffix=".jpg")
        started = time.perf_counter()
        state = one_pass(options.images, options.n)
        seconds = time.perf_counter() - started
        once = digest(state, Path(scratch))
        found: dict[str, Any] = {
            "images": len(state.paths),
            "one_pass": once,
            "two_workers": digest(one_pass(options.images, options.n, workers=2), Path(scratch)) == once,
            "splits": [
                split_and_merged(options, chance, Path(scratch)) == once for _ in range(options.splits)
            ],
            "kills": [
                killed_and_resumed(options, chance.uniform(0, 0.7) * seconds, Path(scratch), once)
                for _ in range(options.kills)
            ],
            "batch_sizes": compare_batch_sizes(options),
        }
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    if not (found["two_workers"] and all(found["splits"])):
        sys.exit("the bytes differ")
    if not all(kill["same_bytes"] for kill in found["kills"]):
        sys.exit("a killed and resumed run differs")


def one_pass(images: Path, n: int, batch_size: int = 16, workers: int = 1, **how: Any) -> ExemplarState:
    """A pass of this process."""
    network = open_network("builtin:efficientnet-lite0")
    layers = [network.layer(name) for name in LAYERS]
    settings = ExemplarSettings(batch_size=batch_size)
    return find_exemplars(network, layers, Manifest.scan(images, limit=n), settings, workers=workers, **how)


def digest(state: ExemplarState, scratch: Path) -> str:
    """sha256 of the state's file."""
    state.save(scratch / "compared")
    return hashlib.sha256((scratch / "compared").read_bytes()).hexdigest()


def split_and_merged(options: argparse.Namespace, chance: random.Random, scratch: Path) -> str:
    """A random number of shards, merged in a random order."""
    count = chance.randint(2, 6)
    files = [scratch / f"shard-{index}" for index in range(count)]
    for index, file in enumerate(files):
        one_pass(options.images, options.n, shard=Shard(index, count), state_file=file)
    chance.shuffle(files)
    found = digest(ExemplarState.merged(files), scratch)
    for file in files:
        file.unlink()
    return found


def killed_and_resumed(
    options: argparse.Namespace, after_s: float, scratch: Path, expected: str
) -> dict[str, Any]:
    """A process killed some seconds after its first save, then the same command again.

    A kill that comes after the last save interrupts nothing: it is tried again in half the time.
    """
    state = scratch / "killed"
    command = [sys.executable, __file__, "--images", options.images, "--n", options.n, "--state", state]
    command += ["--threads", options.threads]
    words = [str(word) for word in command]
    done = np.ones(1, np.bool_)
    while done.all():
        state.unlink(missing_ok=True)
        process = subprocess.Popen(words)
        while not state.exists() and process.poll() is None:
            time.sleep(0.01)
        with suppress(subprocess.TimeoutExpired):
            process.wait(after_s)
        process.kill()
        process.wait()
        done = ExemplarState.load(state).done
        after_s /= 2
    subprocess.run(words, check=True)
    found = {
        "batches_saved": f"{done.sum()} of {len(done)}",
        "same_bytes": hashlib.sha256(state.read_bytes()).hexdigest() == expected,
    }
    state.unlink()
    return found


def compare_batch_sizes(options: argparse.Namespace) -> dict[str, float]:
    """Largest difference of any activation between batch sizes, as a share of its unit's peak.

    Places where two images differ by no more than that may be swapped: sorted peaks are compared, and an
    image may only be missing where its peak ties with the last one kept.
    """
    found = {}
    reference = one_pass(options.images, options.n, batch_size=64).finish()
    for size in (1, 7):
        other = one_pass(options.images, options.n, batch_size=size).finish()
        for name, layer in reference.items():
            found[f"{name}, {size} and 64"] = float(f"{_difference(layer, other[name]):.3g}")
            found[f"{name}, {size} and 64, images not shared"] = _n_unshared(layer, other[name])
    return found


def _difference(one: LayerExemplars, other: LayerExemplars) -> float:
    filled = (one.images >= 0) & (other.images >= 0)
    scale = np.maximum(np.abs(one.peaks[:, :1]), 1e-12)
    return float(np.where(filled, np.abs(one.peaks - other.peaks) / scale, 0).max())


def _n_unshared(one: LayerExemplars, other: LayerExemplars) -> int:
    return sum(
        len(set(mine) ^ set(theirs))
        for mine, theirs in zip(one.images.tolist(), other.images.tolist(), strict=True)
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--n", type=int, default=200, help="images")
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--state", type=Path, help="only run, and save here after each batch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
