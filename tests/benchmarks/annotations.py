"""What people annotated in pictures, as `human_labels.py` asks for it: read here, measured there."""

import json
import lzma
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from milan.scenes.planted import plain

SINGLE_LABEL = frozenset({"birds10", "caltech101", "dtd10", "pets3"})
"""Sets of one class an image, which shows none of their other classes (ImageNet's samples may)."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass
class Annotated:
    """One category in one set: all images annotated with it, and where it is in those that show it."""

    names: frozenset[str]
    """What it may be called, as `plain` words it."""
    images: set[str] = field(default_factory=set)
    masks: dict[str, Mask | None] = field(default_factory=dict)
    """None for a whole image."""


def labelled_images(data: Path, held: Set[str]) -> Iterator[Annotated]:
    """Classes of whole images."""
    images: dict[str, set[str]] = defaultdict(set)
    classes: dict[tuple[str, str], Annotated] = {}
    for row in _rows(data / "manifests" / "images_labels.jsonl.xz"):
        if row["set"] in SINGLE_LABEL and row["file"] in held:
            names = {plain(row["label"]), plain(row.get("class_id", row["label"]).replace("_", " "))}
            own = classes.setdefault((row["set"], row["label"]), Annotated(frozenset(names)))
            own.images = images[row["set"]]  # of all classes
            own.images.add(row["file"])
            own.masks[row["file"]] = None
    yield from classes.values()


def regions_of_images(data: Path, held: Set[str]) -> Iterator[Annotated]:
    """Categories of regions; images without any region of the kind were not annotated for it."""
    images: dict[tuple[str, str], set[str]] = defaultdict(set)
    categories: dict[tuple[str, str, str], Annotated] = {}
    for row in _rows(data / "manifests" / "regions.jsonl.xz"):
        if row["image"] in held:
            kind = row["set"], row["kind"]
            own = categories.setdefault(
                (*kind, row["category"]), Annotated(frozenset({plain(row["category"])}))
            )
            own.images = images[kind]
            own.images.add(row["image"])
            mask, before = _mask(row), own.masks.get(row["image"])
            own.masks[row["image"]] = mask if before is None else mask | before
    yield from categories.values()


def synonyms_of_nouns(data: Path) -> dict[str, frozenset[str]]:
    """Other words of each noun's commonest physical sense."""
    senses: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[int, str]] = {}
    with lzma.open(data / "phrases" / "wordnet_physical_nouns.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            lemma, synset, _, rank, *_ = line.split("\t")
            senses[synset].add(plain(lemma))
            first[plain(lemma)] = min(first.get(plain(lemma), (99, "")), (int(rank), synset))
    return {name: frozenset(senses[synset]) for name, (rank, synset) in first.items() if rank == 1}


def _rows(manifest: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(manifest, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _mask(row: Mapping[str, Any]) -> Mask:
    height, width = row["h"], row["w"]
    if "rle" not in row:
        mask = np.zeros((height, width), np.bool_)
        left, top, wide, tall = row["bbox"]
        mask[int(top) : round(top + tall), int(left) : round(left + wide)] = True
        return mask
    runs = _runs(row["rle"]["counts"])
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def _runs(text: str) -> list[int]:
    """Runs of COCO's compressed masks: five bits a character, each relative to the last run but one."""
    runs: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - 48
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            if code & 16:
                value -= 1 << shift
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    return runs
