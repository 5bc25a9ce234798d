"""What Ray's actors cost beside processes of this machine: the same shards by two workers of each, in turns.

    python tests/benchmarks/engines.py [--images DIR] [--n 512] [--shards 16] [--rounds 5] [--json FILE]

EfficientNet-Lite0, three layers. Workers start and open the network before the clock does: it runs from the
moment when each has answered its first shard to the last answer. The ratio is of the times of all rounds, its
interval by drawing rounds anew. All states are merged and must be those of one pass, byte for byte.
"""

import argparse
import hashlib
import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from pictures import make_pictures

os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 (so named; Ray gives way to all others, ours does not)

from milan.datasets import Manifest
from milan.engines import Engine, EngineKind, map_shards
from milan.exemplars import ExemplarSettings, ExemplarState, Shard, find_exemplars, provenance_of
from milan.networks import open_network
from milan.uses.workers import ShardPass

LAYERS = ("blocks.2", "blocks.4", "bn2")
WORKERS = 2


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    settings = ExemplarSettings(batch_size=options.batch_size)
    reopen = partial(open_network, "builtin:efficientnet-lite0")
    network = reopen()
    layers = [network.layer(name) for name in LAYERS]
    seconds: dict[str, list[float]] = {kind.value: [] for kind in EngineKind}
    with tempfile.TemporaryDirectory() as scratch:
        pictures = Path(scratch) / "pictures"
        pictures.mkdir()
        folder = options.images or make_pictures(pictures, options.n, suffix=".jpg")
        manifest = Manifest.scan(folder.resolve(), limit=options.n)
        key = provenance_of(network, layers, manifest, settings).key()
        once = digest(find_exemplars(network, layers, manifest, settings), Path(scratch))
        equal = []
        for number in range(options.rounds):
            kinds = list(EngineKind) if number % 2 else list(EngineKind)[::-1]
            for kind in kinds:
                kept = Path(scratch) / f"{kind}-{number}"
                kept.mkdir()
                task = ShardPass(reopen, LAYERS, manifest, settings, key, kept, cpus=1)
                engine = Engine(kind=kind, workers=WORKERS, shards=options.shards)
                warm, state = timed(task, engine)
                seconds[kind.value].append(warm)
                equal.append(digest(state, Path(scratch)) == once)
                print(f"round {number + 1}, {kind}: {warm:.2f} s", flush=True)
    found = {
        "images": len(manifest),
        "shards": options.shards,
        "seconds": {kind: [round(each, 2) for each in times] for kind, times in seconds.items()},
        **ratio(seconds["ray"], seconds["local"]),
        "bytes_of_one_pass": all(equal),
    }
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def timed(task: ShardPass, engine: Engine) -> tuple[float, ExemplarState]:
    """Seconds from when every worker has answered once, and the merged state."""
    shards = [Shard(index, engine.shards or 1) for index in range(engine.shards or 1)]
    files = map_shards(task, shards, engine)
    state, started = ExemplarState.load(next(files)), 0.0
    for n_answered, file in enumerate(files, 2):
        if n_answered == WORKERS:
            started = time.perf_counter()
        if n_answered == len(shards):
            ended = time.perf_counter()
        state.merge(ExemplarState.load(file))
    return ended - started, state


def ratio(ours: list[float], base: list[float]) -> dict[str, object]:
    """Ray's time over the local workers', with a 95 % interval over rounds."""
    pairs = np.array([ours, base])
    drawn = pairs[:, np.random.default_rng(0).integers(0, len(ours), (10_000, len(ours)))].sum(axis=2)
    low, high = np.quantile(drawn[0] / drawn[1], [0.025, 0.975])
    return {"ratio": round(sum(ours) / sum(base), 4), "ratio_95": [round(low, 4), round(high, 4)]}


def digest(state: ExemplarState, folder: Path) -> str:
    """sha256 of the state's file."""
    state.save(folder / "state")
    return hashlib.sha256((folder / "state").read_bytes()).hexdigest()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--n", type=int, default=512, help="images")
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
