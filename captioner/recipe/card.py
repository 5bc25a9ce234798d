"""The card beside the weights: what they were trained on, and how well they do on what they never saw."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from captioner.evaluate import KindFigures
from captioner.features import SampleFeatures

__all__ = ["write_card"]

_DATA = [
    "Caltech-101 photos and class names (CC BY 4.0)",
    "COCO 2017, 625 photos, regions and captions (annotations CC BY 4.0; photos: Flickr licences)",
    "Flickr8k, 849 photos with captions (captions CC BY 3.0; photos for research)",
    "Clothing Co-Parsing and CamVid, photos and regions (for research)",
    "Describable Textures, 10 classes; CUB-200 birds, 10 species (for research)",
    "Oxford-IIIT Pets, 3 breeds with masks (CC BY-SA 4.0)",
    "ImageNet, 1,707 sample photos (non-commercial research)",
    "Tux Paint stamps (GPL-2) and Openclipart drawings (public domain), pasted on the photos",
    "colours, brightness and lines, computed from the photos' own pixels",
    "names that the backbone's own ImageNet classifier gives a photo with a probability above .5",
    "features imagined for ImageNet's classes from the weights of the backbone's own classifier",
    "text alone: the phrase bank, ImageNet class names, frequent noun phrases of image captions",
]

_SCENES = "rendered scenes with Twemoji graphics (CC BY 4.0)"


def write_card(
    file: Path, head: str, data: SampleFeatures, figures: Sequence[KindFigures], command: str
) -> None:
    """Write card.json; rates are rounded to three places."""
    card = {
        "what": f"projector and phrase decoder on features of EfficientNet-{head.capitalize()}",
        "licence": "Apache-2.0 (the weights); the training data have licences of their own and are not here",
        "data": [*_DATA, *([_SCENES] if "--scenes" in command else [])],
        "regions": {split: len(data.split(split).samples) for split in ("train", "validation")},
        "command": command,
        "held_out": [_rounded(one) for one in figures],
    }
    file.write_text(json.dumps(card, indent=1) + "\n", encoding="utf8")


def _rounded(figures: KindFigures) -> dict[str, object]:
    """NaN, which JSON does not know, becomes null."""
    return {
        key: (None if math.isnan(value) else round(value, 3)) if isinstance(value, float) else value
        for key, value in asdict(figures).items()
    }
