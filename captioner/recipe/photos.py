"""Samples of photos: named regions, class names, captions."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from captioner.recipe.manifests import SourceFolder, run_lengths
from captioner.samples import Sample

__all__ = ["UNNAMED", "photo_rows", "photo_samples", "split_of", "with_article"]

UNNAMED = "a photo"
"""Stands for a photo that nobody named, until the classifier does (`naming`)."""

_MOST_WORDS = 12
_UNCOUNTED = {
    "food",
    "wool",
    "grass",
    "hair",
    "water",
    "sky",
    "clothing",
    "furniture",
    "jewelry",
    "sand",
    "snow",
}
_PATCHES = 2  # boxes a labelled photo, beside the whole of it


def photo_rows(source: SourceFolder) -> dict[str, dict[str, Any]]:
    """The row of every photo by its path, one a photo."""
    rows: dict[str, dict[str, Any]] = {}
    for manifest in ("images_labels", "images_captions", "images_regions_only"):
        for row in source.rows(manifest):
            rows.setdefault(row["file"], row)
    return rows


def photo_samples(source: SourceFolder) -> Iterator[Sample]:
    """Everything people said about the photos, and each whole photo once."""
    named: set[str] = set()
    for row in source.rows("images_labels"):
        named.add(row["file"])
        yield from _labelled(source, row)
    for row in source.rows("images_captions"):
        captions = [clean for caption in row["captions"] if (clean := _clean_caption(caption))]
        if captions:
            named.add(row["file"])
            yield _sample(row["file"], None, captions, "caption")
    for row in source.rows("regions"):
        yield _region(row)
    for file in photo_rows(source):
        if file not in named:
            yield _sample(file, None, [UNNAMED], "unnamed")


def with_article(name: str) -> str:
    """Put `a` or `an` before a countable name.

    >>> [with_article(name) for name in ("dog", "umbrella", "scissors", "bass")]
    ['a dog', 'an umbrella', 'scissors', 'a bass']
    """
    if name.startswith("letter "):
        return f"the {name}"
    if name in _UNCOUNTED or re.search(r"[^suio]s$", name):
        return name
    return f"{'an' if re.match('[aeio]|u(?!ni|se)', name) else 'a'} {name}"


def split_of(file: str) -> str:
    """One photo in ten validates, by a hash of its path; frames of one drive stay together."""
    if file.startswith("camvid/"):
        return "validation" if file.startswith("camvid/Seq05VD") else "train"
    return "validation" if hashlib.sha256(file.encode()).digest()[0] < 26 else "train"


def _labelled(source: SourceFolder, row: dict[str, Any]) -> Iterator[Sample]:
    phrases = [with_article(row["label"].lower())]
    kind = "imagenet" if row["set"].startswith("imagenet") else row["set"]
    yield _sample(row["file"], None, phrases, kind)
    # a unit sees parts: the middle of the photo is still what its label says
    seed = hashlib.sha256(row["file"].encode()).digest()
    for index in range(_PATCHES):
        side = 0.35 + 0.3 * seed[3 * index] / 255
        x, y = (0.5 - side / 2 + 0.2 * (seed[3 * index + 1 + axis] / 255 - 0.5) for axis in (0, 1))
        box = [x * row["w"], y * row["h"], side * row["w"], side * row["h"]]
        yield _sample(row["file"], {"box": [round(v, 1) for v in box]}, phrases, f"{kind} patch")


def _region(row: dict[str, Any]) -> Sample:
    if "rle" in row:
        height, width = row["rle"].get("size", [row["h"], row["w"]])
        mask: dict[str, Any] = {"size": [height, width], "counts": run_lengths(row["rle"]["counts"])}
    else:
        mask = {"box": row["bbox"]}
    return _sample(row["image"], mask, row["phrases"], f"{row['set']} region")


def _clean_caption(caption: str) -> str | None:
    words = re.sub(r"[^a-z0-9' -]+", " ", caption.lower()).replace(" '", "'").split()
    return " ".join(words) if 2 <= len(words) <= _MOST_WORDS else None


def _sample(file: str, mask: dict[str, Any] | None, phrases: list[str], kind: str) -> Sample:
    lowered = tuple(dict.fromkeys(" ".join(phrase.lower().split()) for phrase in phrases))
    return Sample(file, mask, lowered, kind, split_of(file))
