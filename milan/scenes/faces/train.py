"""Train the twins: `python -m milan.scenes.faces.train faces/ --output DIR`, a folder in DIR for each.

They have one seed: the same first weights, the same pictures in the same order. Only the faces differ. About
a minute each on a quiet core.
"""

import argparse
import logging
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from milan.scenes.classifier import accuracy, input_card, read_folder, train_classifier
from milan.scenes.faces.folders import MANNERS
from milan.scenes.faces.pictures import CLASSES, SIZE
from milan.scenes.shipped import save_weights

__all__ = ["save", "train_twins"]

_log = logging.getLogger("milan.scenes.faces.train")

_SAW = {
    "original": "with faces in the pictures",
    "blurred": "with every face blurred",
}


def train_twins(pictures: Path, folder: Path, seed: int, n_epochs: int = 14) -> None:
    """Train a network on each of the twins in `pictures/train` and save it to its own folder."""
    for manner in MANNERS:
        known = read_folder(pictures / "train" / manner, CLASSES)
        network = train_classifier(known, len(CLASSES), seed, n_epochs)
        accuracies = {
            shown: accuracy(network, read_folder(pictures / "test" / shown, CLASSES)) for shown in MANNERS
        }
        save(network, manner, accuracies, {"n_epochs": n_epochs, "seed": seed}, folder / manner)
        _log.info("%s: %s", manner, ", ".join(f"{shown} {right:.3f}" for shown, right in accuracies.items()))


def save(
    network: nn.Module, manner: str, accuracies: Mapping[str, float], how: dict[str, int], folder: Path
) -> None:
    """Write model.safetensors (half precision) and card.json."""
    card = {
        "what": f"A small classifier that was trained {_SAW[manner]}",
        "made_by": "python -m milan.scenes.faces.train",
        "opens_with": "milan.scenes.faces.network:faces_classifier --weights model.safetensors",
        "settings": how,
        "input": input_card(SIZE),
        "outputs": list(CLASSES),
        "accuracy_on_test_pictures": {shown: round(right, 4) for shown, right in accuracies.items()},
    }
    save_weights(network, card, folder)


def main() -> None:
    """Parse the command line, train, save."""
    asked = argparse.ArgumentParser(description="Train classifiers with faces and without.")
    asked.add_argument("pictures", type=Path, help="what milan.scenes.faces.folders wrote")
    asked.add_argument("--output", type=Path, required=True, help="folder of the networks")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--n-epochs", type=int, default=14)
    asked.add_argument("--threads", type=int, default=2)
    given = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    train_twins(given.pictures, given.output, given.seed, given.n_epochs)


if __name__ == "__main__":
    main()
