"""All units switched off, one at a time: many side by side from a layer on, against whole passes.

    python tests/benchmarks/scoring.py --images DIR

MobileNetV2's last four blocks (features.14 to features.17, 800 units; torchvision's architecture with drawn
weights unless --weights names a file) on 200 images. The baseline switches off one unit at a time through
the whole network, in batches of 64, for 40 units drawn evenly; it is timed in the same run, in turns.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from milan.ablation import TestImages, outcome, score_units
from milan.datasets import LabelledImages, Manifest
from milan.networks import Network, Resumed, change, open_network
from milan.networks.outputs import logits_of
from milan.records import Edit
from milan.statistics import average

LAYERS = tuple(f"features.{block}" for block in range(14, 18))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--images", type=Path, required=True, help="folder of pictures, labels are not needed"
    )
    parser.add_argument("--weights", type=Path, help="weights of MobileNetV2")
    parser.add_argument("--n-images", type=int, default=200)
    parser.add_argument("--n-baseline", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network = open_network("torchvision:mobilenet_v2", weights=options.weights or "random")
    if options.weights is None:
        _settle(network)
    images = _images(network, options.images, options.n_images)
    units = [(name, unit) for name in LAYERS for unit in range(network.layer(name).n_units)]
    drawn = [units[at] for at in np.linspace(0, len(units) - 1, options.n_baseline).astype(int)]
    parts, a_unit = np.array_split(np.arange(len(images)), 4), []
    whole_passes = np.array_split(np.arange(len(drawn)), 4)
    side_by_side, right = [], []
    for part, some in zip(parts, whole_passes, strict=True):  # in turns, so that both meet the same machine
        started = time.perf_counter()
        scores = score_units(network, images.at(part), LAYERS)
        side_by_side.append(time.perf_counter() - started)
        right.append(scores)
        for at in some:
            name, unit = drawn[at]
            started = time.perf_counter()
            outcome(network, images, [Edit.zero(name, [unit])])
            a_unit.append(time.perf_counter() - started)
    total, naive = sum(side_by_side), average(a_unit)
    ratio = [value * len(units) / total for value in (naive.value, naive.low, naive.high)]
    print(f"{len(units)} units, {len(images)} images, {options.threads} threads")
    print(f"side by side      {total:.1f} s, {total / len(units):.3f} s a unit")
    print(f"one at a time     {naive.value:.2f} s a unit [{naive.low:.2f}, {naive.high:.2f}]")
    print(f"times faster      {ratio[0]:.1f} [{ratio[1]:.1f}, {ratio[2]:.1f}]")
    _compare(network, images, drawn)


def _compare(network: Network, images: TestImages, drawn: list[tuple[str, int]]) -> None:
    worst, equal, n = 0.0, 0, 0
    for inputs in images.at(np.arange(0, len(images), 10)).inputs(network, 1):
        for name, unit in drawn:
            edit = Edit.zero(name, [unit])
            with change(network, [edit]):
                alone = logits_of(network.forward(inputs))
            beside = logits_of(Resumed(network, network.layer(name), inputs).forward([[edit]]))
            worst = max(worst, float((alone - beside).abs().max()))
            equal += int(alone.argmax() == beside.argmax())
            n += 1
    print(f"logits            at most {worst:.1e} apart; predictions equal {equal} of {n}")


def _images(network: Network, folder: Path, n: int) -> TestImages:
    manifest = Manifest.scan(folder, limit=n)
    labelled = LabelledImages(manifest, np.zeros(len(manifest), np.int64), {})
    return TestImages.read(network, labelled)


def _settle(network: Network) -> None:
    """Norms that fit drawn weights: otherwise signals die on the way and every prediction is the same."""
    generator = torch.Generator().manual_seed(0)
    for module in network.module.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
    network.module.train()
    with torch.no_grad():
        network.module(torch.randn(16, 3, 224, 224, generator=generator))
    network.module.eval()


if __name__ == "__main__":
    main()
