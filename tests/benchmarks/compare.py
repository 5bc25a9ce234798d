"""How well `milan compare` tells the same units from others, on networks whose truth is known.

    python tests/benchmarks/compare.py --images 800 --seeds 3

The network of scenes that ships stands beside five others, each seen through units in an order drawn by
chance: itself; itself with noise in all weights (a tenth and three tenths of each convolution's deviation: a
state before or after); itself with a third of each layer's units made anew, reading what the layer before
says; and each layer's units dealt out so that only a third of the layer is on both sides. All six stages are
compared, 400 units. Intervals are Wilson's, over units of all seeds.
"""

import argparse
import copy
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from milan.catalog import Catalog
from milan.networks import Network, Preprocessing
from milan.scenes import SceneSettings, stream_scenes
from milan.scenes.network import SIZE, scenes_network
from milan.statistics.shares import share
from milan.uses import DescribeOptions, describe_network
from milan.uses.compare import Subject, compare_networks


class Chosen(nn.Module):
    """Some channels, in an order."""

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.register_buffer("channels", torch.tensor(list(channels)))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return maps[:, self.channels]


class Seen(nn.Module):
    """The network of scenes, each stage with channels made anew appended, seen through chosen channels."""

    def __init__(self, stages: nn.Module, anew: nn.Module, chosen: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.stages, self.anew = stages, anew
        self.seen = nn.ModuleList(Chosen(channels) for channels in chosen)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        maps = pictures
        for stage, anew, seen in zip(self.stages, self.anew, self.seen, strict=True):
            shown = seen(torch.cat([stage(maps), anew(maps)], dim=1))
            maps = stage(maps)
        return shown.mean(dim=(2, 3))


def stages_anew(stages: nn.Module, pictures: torch.Tensor, seed: int) -> nn.Module:
    """Stages with other weights, each normalised on what the stage before it in the true network says."""
    torch.manual_seed(seed)
    made = copy.deepcopy(stages)
    maps = pictures
    for stage, anew in zip(stages, made, strict=True):
        anew[0].reset_parameters()
        anew[1].reset_running_stats()
        anew[1].momentum = None  # averages over what it is shown
        anew.train()(maps)
        anew.eval()
        maps = stage(maps)
    return made


def with_noise(stages: nn.Module, part: float, seed: int) -> nn.Module:
    """Stages whose convolutions have noise of this part of their weights' deviation."""
    torch.manual_seed(seed)
    changed = copy.deepcopy(stages)
    for stage in changed:
        stage[0].weight.add_(torch.randn_like(stage[0].weight) * part * stage[0].weight.std())
    return changed


Truth = list[tuple[list[int], list[int]]]
"""Channels on either side, by layer; those from a layer's width on are made anew."""


def dealt(widths: Sequence[int], kind: str, seed: int) -> Truth:
    """Which channels either side shows of each layer."""
    rng = np.random.default_rng(seed)
    truth: Truth = []
    for width in widths:
        mixed, third = rng.permutation(width), width // 3
        own, theirs = mixed, mixed
        if kind == "a third anew":
            theirs = np.concatenate([mixed[third:], width + mixed[:third]])
        elif kind == "two thirds others":
            own, theirs = mixed[: 2 * third], np.concatenate([mixed[:third], mixed[2 * third : 3 * third]])
        truth.append((own.tolist(), rng.permutation(theirs).tolist()))
    return truth


def main() -> None:
    """Print a row a comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=800)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    torch.set_grad_enabled(False)
    stages = scenes_network().stages
    widths = [stage[0].out_channels for stage in stages]
    preprocessing = Preprocessing((SIZE, SIZE), (SIZE, SIZE))
    with tempfile.TemporaryDirectory() as folder:
        images = Path(folder) / "images"
        images.mkdir()
        for number, scene in enumerate(stream_scenes(11, asked.images, SceneSettings())):
            Image.fromarray(scene.picture).save(images / f"{number:04d}.jpg", quality=92)
        some = torch.stack([open_image(images / f"{number:04d}.jpg", preprocessing) for number in range(200)])
        options = DescribeOptions(captioner=None, layers=("seen.*",))
        print("beside, units on both sides; of these matched rightly; of the matched wrong ones;")
        print("of units on one side said to be lost, unsure, matched")
        kinds = {
            "itself": 0.0,
            "noise of .1": 0.1,
            "noise of .3": 0.3,
            "a third anew": 0.0,
            "two thirds others": 0.0,
        }
        for kind, noise in kinds.items():
            counts: Counter[str] = Counter()
            for seed in range(asked.seeds):
                truth = dealt(widths, kind, seed)
                sides = (stages, with_noise(stages, noise, seed) if noise else stages)
                paths = []
                for side, changed in enumerate(sides):
                    module = Seen(changed, stages_anew(changed, some, seed), [one[side] for one in truth])
                    name = "before" if side == 0 else "after"
                    network = Network(
                        name, f"benchmark:{name}", module.eval(), preprocessing, torch.device("cpu")
                    )
                    paths.append(Path(folder) / f"{kind}-{seed}-{name}.db")
                    describe_network(network, images, paths[-1], options)
                counts += counted(paths, truth)
            print(line(kind, counts), flush=True)


def open_image(path: Path, preprocessing: Preprocessing) -> torch.Tensor:
    with Image.open(path) as picture:
        return torch.from_numpy(preprocessing.to_input(preprocessing.view(picture)))


def counted(paths: Sequence[Path], truth: Truth) -> Counter[str]:
    """Units by what they are and what is said of them."""
    with Catalog.open(paths[0]) as before, Catalog.open(paths[1]) as after:
        found = compare_networks(Subject.of(before, None), Subject.of(after, None))
    counts: Counter[str] = Counter()
    for layer, (own, theirs) in zip(found.layers, truth, strict=True):
        matched = {pair.first.index: pair.second.index for pair in layer.matched}
        unsure = {pair.first.index for pair in layer.unsure}
        for place, channel in enumerate(own):
            is_shared = channel in theirs
            said = "matched" if place in matched else "unsure" if place in unsure else "lost"
            if said == "matched" and not (is_shared and theirs[matched[place]] == channel):
                counts["wrong"] += 1
                said = "wrong" if is_shared else said
            counts[f"{'shared' if is_shared else 'lost'} {said}"] += 1
    counts["moved"] += len(found.moved)
    return counts


def line(kind: str, counts: Counter[str]) -> str:
    shared = sum(n for name, n in counts.items() if name.startswith("shared"))
    lost = sum(n for name, n in counts.items() if name.startswith("lost"))
    right, wrong = counts["shared matched"], counts["wrong"]
    cells = [f"{kind:<20} {shared:>6}", figure(right, shared), figure(wrong, right + wrong)]
    if lost:
        cells.append(
            ", ".join(f"{counts[f'lost {said}'] / lost:.3f}" for said in ("lost", "unsure", "matched"))
        )
    return "  ".join([*cells, f"moved {counts['moved']}"])


def figure(n: int, of: int) -> str:
    found = share(n, of)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


if __name__ == "__main__":
    main()
