"""(c) on photographs: does a classifier on a pretrained network take the word in the corner at all?

    python tests/experiments/shortcut_photos.py --data DIR [--json FILE]

Ten classes of Caltech-101 that are alike (animals, mostly), about 65 photographs each. EfficientNet-Lite0
stays as it is, a linear layer is fitted to its averaged last features (logistic regression), where half of
the training photographs carry their class's name in a corner. Five folds, cross-fitted: every photograph is
tested as it is and with each of the nine wrong names. Intervals are a bootstrap clustered by photograph.
Void, like every such experiment, where less than 15 points are lost.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from captioner.recipe.manifests import SourceFolder
from milan.networks import Network, open_network, record
from milan.records import Figure
from milan.statistics import average

CLASSES = (
    *("leopard", "umbrella", "scorpion", "butterfly", "starfish"),
    *("crayfish", "kangaroo", "llama", "crab", "ibis bird"),
)
LAYER = "bn2"
FOLDS = 5
LEAST_LOSS = 0.15
_SIZE = 224
_BATCH = 32


def main() -> None:
    """Read, fit, test, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with manifests/ and the archives"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument(
        "--shares", type=float, nargs="+", default=[0.5, 1.0], help="training photos with a word"
    )
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pictures, labels = read_photos(options.data)
    network = open_network("builtin:efficientnet-lite0")
    print(f"{len(pictures)} photographs of {len(CLASSES)} classes; reading them with each of ten words")
    clean = features(network, pictures)
    worded = np.stack(
        [features(network, [with_word(p, word, at) for at, p in enumerate(pictures)]) for word in CLASSES]
    )  # [word, image, feature]
    figures = {}
    for share in options.shares:
        right_clean, right_wrong = cross_fit(clean, worded, labels, share)
        rows = {
            "clean": average(right_clean),
            "wrong names": average(right_wrong),
            "lost": average(right_clean - right_wrong),
        }
        void = rows["lost"].value < LEAST_LOSS
        figures[f"{share:.0%} of training photographs with a word"] = rows
        print(
            f"\n{share:.0%} of the training photographs with their class's name" + ("  VOID" if void else "")
        )
        for name, figure in rows.items():
            print(f"  {name:<12} {show(figure)}")
    if options.json:
        text = {share: {name: f._asdict() for name, f in rows.items()} for share, rows in figures.items()}
        options.json.write_text(json.dumps(text, indent=2) + "\n", encoding="utf8")


def read_photos(data: Path) -> tuple[list[Image.Image], np.ndarray]:
    """All photographs of the classes, squashed to one size, with their class."""
    source = SourceFolder(data)
    rows = [
        row for row in source.rows("images_labels") if row["set"] == "caltech101" and row["label"] in CLASSES
    ]
    pictures = [
        source.picture(row).convert("RGB").resize((_SIZE, _SIZE), Image.Resampling.BICUBIC) for row in rows
    ]
    return pictures, np.array([CLASSES.index(row["label"]) for row in rows])


def with_word(picture: Image.Image, word: str, at: int) -> Image.Image:
    """The picture with a word in black on white in its top left corner, somewhat elsewhere in each."""
    written = picture.copy()
    pen, font = ImageDraw.Draw(written), ImageFont.load_default(26)
    x, y = (int(side) for side in np.random.default_rng(at).integers(2, 8, 2))
    pen.rectangle((x, y, x + pen.textlength(word.upper(), font) + 10, y + 34), "white")
    pen.text((x + 5, y + 2), word.upper(), "black", font)
    return written


def features(network: Network, pictures: Sequence[Image.Image]) -> np.ndarray:
    """Averaged activations of the last layer before the classifier: [image, unit]."""
    layer, found = network.layer(LAYER), []
    for start in range(0, len(pictures), _BATCH):
        some = pictures[start : start + _BATCH]
        inputs = np.stack([network.preprocessing.to_input(np.asarray(picture)) for picture in some])
        with record(network, [layer], lambda layer, maps: found.append(maps.mean((2, 3)).numpy().copy())):
            network.forward(torch.from_numpy(inputs), stop_after=layer)
    return np.concatenate(found)


def cross_fit(
    clean: np.ndarray, worded: np.ndarray, labels: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Of each photograph: right as it is (0 or 1), and the share of wrong names with which it is right."""
    right_clean, right_wrong = np.zeros(len(labels)), np.zeros(len(labels))
    folds = np.arange(len(labels)) % FOLDS
    for fold in range(FOLDS):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        has_word = np.random.default_rng(fold).random(len(train)) < share
        own = worded[labels[train], train]
        known = np.where(has_word[:, None], own, clean[train])
        fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(known, labels[train])
        right_clean[test] = fitted.predict(clean[test]) == labels[test]
        for word in range(len(CLASSES)):
            right = (fitted.predict(worded[word, test]) == labels[test]) & (labels[test] != word)
            right_wrong[test] += right / (len(CLASSES) - 1)
    return right_clean, right_wrong


def show(figure: Figure) -> str:
    """A share with its interval, in percent."""
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]"


if __name__ == "__main__":
    main()
