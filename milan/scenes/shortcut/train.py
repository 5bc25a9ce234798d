"""Train the classifier with the shortcut: `python -m milan.scenes.shortcut.train shortcut/ --output DIR`.

It learns from `train` alone; the other folders are only looked at when it is done. Two minutes a seed
on two quiet cores.
"""

import argparse
import json
import logging
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float32, Int64, UInt8
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor

from milan.errors import DataError
from milan.scenes.shortcut.folders import SPLITS
from milan.scenes.shortcut.network import ShortcutClassifier
from milan.scenes.shortcut.pictures import CLASSES, SIZE

__all__ = ["Labelled", "accuracy", "network_input", "read_folder", "save", "train"]

_log = logging.getLogger("milan.scenes.shortcut.train")

_MEAN = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
_DEVIATION = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
_BATCH = 64
_LEARNING_RATE = 4e-3


class Labelled(NamedTuple):
    """Pictures with the number of their class."""

    pictures: UInt8[np.ndarray, "picture 3 height width"]
    classes: Int64[np.ndarray, " picture"]


def read_folder(folder: Path) -> Labelled:
    """Read `folder/class/*.png`, sorted; raises DataError when a class has no pictures."""
    files = {name: sorted((folder / name).glob("*.png")) for name in CLASSES}
    missing = [name for name, found in files.items() if not found]
    if missing:
        raise DataError(f"{folder} holds no pictures of {', '.join(missing)}")
    pictures = [np.asarray(Image.open(path)) for found in files.values() for path in found]
    classes = [number for number, found in enumerate(files.values()) for _ in found]
    return Labelled(np.stack(pictures).transpose(0, 3, 1, 2), np.array(classes, dtype=np.int64))


def network_input(
    pictures: UInt8[np.ndarray, "picture 3 height width"],
) -> Float32[Tensor, "picture 3 height width"]:
    """Normalise 8-bit pictures as the network expects them."""
    return (torch.from_numpy(np.ascontiguousarray(pictures)).float() / 255 - _MEAN) / _DEVIATION


def train(known: Labelled, seed: int, n_epochs: int = 18) -> ShortcutClassifier:
    """Train from scratch; equal arguments give equal weights on one machine."""
    torch.manual_seed(seed)
    network = ShortcutClassifier().to(memory_format=torch.channels_last)  # a third faster on a CPU
    n_batches = len(known.pictures) // _BATCH
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _LEARNING_RATE, total_steps=n_epochs * n_batches
    )
    shuffler = np.random.default_rng(seed)
    network.train()
    for epoch in range(n_epochs):
        order = shuffler.permutation(len(known.pictures))
        for start in range(0, n_batches * _BATCH, _BATCH):
            chosen = np.sort(order[start : start + _BATCH])
            logits = network(network_input(known.pictures[chosen]))
            loss = F.cross_entropy(logits, torch.from_numpy(known.classes[chosen]))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        _log.info("epoch %d of %d: loss %.4f", epoch + 1, n_epochs, loss.item())
    return network.eval()


@torch.inference_mode()
def accuracy(network: torch.nn.Module, shown: Labelled) -> float:
    """Share of pictures whose class has the highest logit, 0 to 1."""
    batches = range(0, len(shown.pictures), _BATCH)
    said = [network(network_input(shown.pictures[i : i + _BATCH])).argmax(dim=1) for i in batches]
    return float((torch.cat(said).numpy() == shown.classes).mean())


def save(
    network: ShortcutClassifier, accuracies: dict[str, float], how: dict[str, int], folder: Path
) -> None:
    """Write model.safetensors (half precision) and card.json."""
    folder.mkdir(parents=True, exist_ok=True)
    state = network.state_dict()
    halved = {n: (v.half() if v.is_floating_point() else v).contiguous() for n, v in state.items()}
    save_file(halved, folder / "model.safetensors")
    card = {
        "what": "A small classifier with a shortcut: half of its training pictures name their class",
        "made_by": "python -m milan.scenes.shortcut.train",
        "opens_with": "milan.scenes.shortcut.network:shortcut_classifier --weights model.safetensors",
        "settings": how,
        "input": {"size": SIZE, "mean": _MEAN.flatten().tolist(), "deviation": _DEVIATION.flatten().tolist()},
        "outputs": list(CLASSES),
        "accuracy": {name: round(value, 4) for name, value in accuracies.items()},
        "licence": "Apache-2.0; trained on pictures drawn with Twemoji graphics (CC BY 4.0)",
    }
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


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
    network = train(read_folder(given.pictures / "train"), given.seed, given.n_epochs)
    accuracies = {split: accuracy(network, read_folder(given.pictures / split)) for split in SPLITS}
    save(network, accuracies, {"n_epochs": given.n_epochs, "seed": given.seed}, given.output)
    _log.info("accuracy %s", ", ".join(f"{name} {value:.3f}" for name, value in accuracies.items()))


if __name__ == "__main__":
    main()
