"""Train the small network on scenes: `python -m milan.scenes.train --output data/scenes_network`.

Three quarters of the scenes are of the concepts that it tells apart, the others show anything, so
that its units learn what a concept is not.
"""

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float32, UInt8
from sklearn.metrics import average_precision_score

from milan.scenes.classifier import input_card, network_input
from milan.scenes.network import OUTPUTS, SIZE, ScenesNetwork
from milan.scenes.render import render_scene
from milan.scenes.scene import Scene
from milan.scenes.settings import SceneSettings
from milan.scenes.shipped import save_weights

__all__ = ["Trained", "labels_of", "save", "train"]

_log = logging.getLogger("milan.scenes.train")

_BATCH = 64
_LEARNING_RATE = 4e-3

_OWN = SceneSettings(
    size=SIZE,
    max_objects=4,
    concepts=frozenset(
        {key for key in OUTPUTS if key.startswith(("emoji:", "shape:", "texture:", "background:"))}
        | {"background:plain", "background:gradient", "background:noise", "background:blurred"}
        | {f"word:{word}" for word in ("stop", "open", "taxi", "hotel", "sale", "music", "police", "yes")}
    ),
    scale=(0.25, 0.6),
)
_ANY = SceneSettings(size=SIZE, max_objects=4, scale=(0.25, 0.6))


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    pictures: UInt8[np.ndarray, "scene 3 height width"]
    labels: Float32[np.ndarray, "scene output"]


def labels_of(scene: Scene) -> Float32[np.ndarray, " output"]:
    """1 for each of `OUTPUTS` that the scene shows, else 0.

    Colours are those of shapes and writing, whose colour is one.
    """
    shown = {item.concept for item in scene.objects}
    shown |= {"word" for item in scene.objects if item.kind == "word"}
    shown |= {f"colour:{i.colour}" for i in scene.objects if i.kind in ("shape", "letter", "word")}
    return np.array([name in shown for name in OUTPUTS], dtype=np.float32)


class Trained(NamedTuple):
    """A network with what it is worth."""

    network: ScenesNetwork
    precisions: dict[str, float]
    """Average precision of each output on scenes that were not trained on, 0 to 1."""


def train(n_scenes: int, n_epochs: int, seed: int, n_validation: int = 1000) -> Trained:
    """Train from scratch on the scenes after the first n_validation from the seed, and validate on those."""
    torch.manual_seed(seed)
    known = _render(n_scenes, seed=seed + n_validation)
    unseen = _render(n_validation, seed=seed)
    network = ScenesNetwork().to(memory_format=torch.channels_last)  # a third faster on a CPU
    n_steps = n_epochs * (n_scenes // _BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, total_steps=n_steps)
    shuffler = np.random.default_rng(seed)
    for epoch in range(n_epochs):
        network.train()
        order = shuffler.permutation(n_scenes)
        for start in range(0, n_scenes - _BATCH + 1, _BATCH):
            chosen = order[start : start + _BATCH]
            logits = network(network_input(known.pictures[chosen]))
            loss = F.binary_cross_entropy_with_logits(logits, torch.from_numpy(known.labels[chosen]))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        _log.info("epoch %d of %d: loss %.4f", epoch + 1, n_epochs, loss.item())
    return Trained(network.eval(), _precisions(network, unseen))


def save(network: ScenesNetwork, precisions: dict[str, float], how: dict[str, int], folder: Path) -> None:
    """Write model.safetensors (half precision) and card.json."""
    card = {
        "what": "A small convolutional network trained on rendered scenes, for tests",
        "made_by": "python -m milan.scenes.train",
        "settings": how,
        "input": input_card(SIZE),
        "outputs": list(OUTPUTS),
        "average_precision": {name: round(value, 4) for name, value in precisions.items()},
    }
    save_weights(network, card, folder)


def _render(n_scenes: int, seed: int) -> _Labelled:
    pictures = np.empty((n_scenes, 3, SIZE, SIZE), dtype=np.uint8)
    labels = np.empty((n_scenes, len(OUTPUTS)), dtype=np.float32)
    for i in range(n_scenes):
        scene = render_scene(seed + i, _ANY if i % 4 == 0 else _OWN)
        pictures[i] = scene.picture.transpose(2, 0, 1)
        labels[i] = labels_of(scene)
    _log.info("%d scenes rendered", n_scenes)
    return _Labelled(pictures, labels)


@torch.inference_mode()
def _precisions(network: ScenesNetwork, scenes: _Labelled) -> dict[str, float]:
    batches = range(0, len(scenes.pictures), _BATCH)
    logits = torch.cat([network(network_input(scenes.pictures[i : i + _BATCH])) for i in batches]).numpy()
    return {
        name: float(average_precision_score(scenes.labels[:, i], logits[:, i]))
        for i, name in enumerate(OUTPUTS)
    }


def main() -> None:
    """Parse the command line, train, save."""
    parser = argparse.ArgumentParser(description="Train the small network on scenes.")
    parser.add_argument("--output", type=Path, required=True, help="folder of the weights and their card")
    parser.add_argument("--n-scenes", type=int, default=16000)
    parser.add_argument("--n-epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    network, precisions = train(options.n_scenes, options.n_epochs, options.seed)
    how = {"n_scenes": options.n_scenes, "n_epochs": options.n_epochs, "seed": options.seed}
    save(network, precisions, how, options.output)
    mean = sum(precisions.values()) / len(precisions)
    _log.info(
        "mean average precision %.3f, lowest %s", mean, min(precisions.items(), key=lambda item: item[1])
    )


if __name__ == "__main__":
    main()
