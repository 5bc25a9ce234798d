"""Train the classifier with the shortcut: `python -m milan.scenes.shortcut.train shortcut/ --output DIR`.

It learns from `train` alone; the other folders are only looked at when it is done. Two minutes a seed
on two quiet cores.
"""

import argparse
import logging
from pathlib import Path

import torch
from torch import nn

from milan.scenes.classifier import accuracy, input_card, read_folder, train_classifier
from milan.scenes.shipped import save_weights
from milan.scenes.shortcut.folders import SPLITS
from milan.scenes.shortcut.pictures import CLASSES, SIZE

__all__ = ["save"]

_log = logging.getLogger("milan.scenes.shortcut.train")


def save(network: nn.Module, accuracies: dict[str, float], how: dict[str, int], folder: Path) -> None:
    """Write model.safetensors (half precision) and card.json."""
    card = {
        "what": "A small classifier with a shortcut: half of its training pictures name their class",
        "made_by": "python -m milan.scenes.shortcut.train",
        "opens_with": "milan.scenes.shortcut.network:shortcut_classifier --weights model.safetensors",
        "settings": how,
        "input": input_card(SIZE),
        "outputs": list(CLASSES),
        "accuracy": {name: round(value, 4) for name, value in accuracies.items()},
    }
    save_weights(network, card, folder)


def main() -> None:
    """Parse the command line, train, save."""
    asked = argparse.ArgumentParser(description="Train the classifier with a shortcut.")
    asked.add_argument("pictures", type=Path, help="what milan.scenes.shortcut.folders wrote")
    asked.add_argument("--output", type=Path, required=True, help="folder of the weights and their card")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--n-epochs", type=int, default=18)
    asked.add_argument("--threads", type=int, default=2)
    given = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    known = read_folder(given.pictures / "train", CLASSES)
    network = train_classifier(known, len(CLASSES), given.seed, given.n_epochs)
    accuracies = {split: accuracy(network, read_folder(given.pictures / split, CLASSES)) for split in SPLITS}
    save(network, accuracies, {"n_epochs": given.n_epochs, "seed": given.seed}, given.output)
    _log.info("accuracy %s", ", ".join(f"{name} {value:.3f}" for name, value in accuracies.items()))


if __name__ == "__main__":
    main()
