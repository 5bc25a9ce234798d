"""The card beside the weights: what they were trained on, and how well they do on what they never saw."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from captioner.evaluate import KindFigures
from captioner.features import SampleFeatures

__all__ = ["add_to_card", "write_card"]

_SCENES = "rendered scenes with Twemoji graphics (CC BY 4.0), for drawings.safetensors"
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
    _SCENES,
]


def write_card(
    file: Path, head: str, data: SampleFeatures, figures: Sequence[KindFigures], command: str
) -> None:
    """Write card.json; rates are rounded to three places."""
    card = {
        "what": f"projector and phrase decoder on features of EfficientNet-{head.capitalize()}",
        "licence": "Apache-2.0 (the weights); the training data have licences of their own and are not here",
        "data": _DATA,
        "regions": _counts(data),
        "command": command,
        "held_out": [_rounded(one) for one in figures],
    }
    _write(file, card)


def add_to_card(file: Path, scenes: SampleFeatures, figures: Sequence[KindFigures]) -> None:
    """Say of a head that drawings were taught to it afterwards, on which scenes, with which figures."""
    card = json.loads(file.read_text(encoding="utf8"))
    new = [_rounded(one) for one in figures]
    kinds = {one["kind"] for one in new}
    card["data"] = [*(data for data in card["data"] if data != _SCENES), _SCENES]
    card["regions of scenes"] = _counts(scenes)
    card["held_out"] = [*(one for one in card["held_out"] if one["kind"] not in kinds), *new]
    _write(file, card)


def _counts(data: SampleFeatures) -> dict[str, int]:
    return {split: len(data.split(split).samples) for split in ("train", "validation")}


def _write(file: Path, card: dict[str, Any]) -> None:
    file.write_text(json.dumps(card, indent=1) + "\n", encoding="utf8")


def _rounded(figures: KindFigures) -> dict[str, object]:
    """NaN, which JSON does not know, becomes null."""
    return {
        key: (None if math.isnan(value) else round(value, 3)) if isinstance(value, float) else value
        for key, value in asdict(figures).items()
    }
