"""Photographs with the faces in them, found by a Haar cascade, and the words that they can teach.

Caltech-101 (its faces and every fifth other class), CCP, Flickr8k and COCO, squashed to 224 pixels. A
photograph's name decides for ever whether a network learns from it, is described on it or is tested on it.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from peaks import Box
from PIL import Image, ImageFilter

from captioner.recipe.manifests import SourceFolder
from milan.errors import MilanError

SIZE = 224
SPLITS: Mapping[str, float] = {"train": 0.6, "described": 0.2, "test": 0.2}
"""Shares of the photographs."""
FACES_CLASS = "human face"
"""Caltech's own label: photographs that are known to show one face."""
PEOPLE = ("man", "woman", "boy", "girl", "child", "people", "baby", "crowd")
"""Words of captions that teach, besides all labels and the names of all regions."""
_LEAST = 15
"""Training photographs from which a word is taught."""
_LARGER = 1.3
"""How much larger than found what is hidden is: the cascade's boxes leave out chin and forehead."""
_BLUR = 0.1
"""Radius of the blur, as a share of the box's diagonal."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One photograph."""

    name: str
    source: str
    """`caltech101`, `ccp`, `coco` or `flickr8k`."""
    split: str
    words: frozenset[str]
    picture: UInt8[np.ndarray, "224 224 3"]
    faces: tuple[Box, ...]
    """As the cascade found them, which misses some."""

    @property
    def shows_people(self) -> bool:
        """Whether a face is found, or anything that was written about the photograph speaks of people."""
        return bool(self.faces or self.source == "ccp" or self.words & {*PEOPLE, "person", FACES_CLASS})


def read_photos(data: Path, work: Path) -> list[Photo]:
    """All photographs, by name; what the cascade found is kept in `work`, for it takes minutes."""
    source = SourceFolder(data)
    rows = _rows(source)
    words = _words(source, rows)
    pictures = {
        name: np.asarray(source.picture(row).convert("RGB").resize((SIZE, SIZE), Image.Resampling.BICUBIC))
        for name, row in sorted(rows.items())
    }
    file = work / "found_faces.json"
    if not file.exists():
        file.write_text(json.dumps(find_faces(pictures)), encoding="utf-8")
    faces = json.loads(file.read_text(encoding="utf-8"))
    return [
        Photo(name, rows[name]["set"], _split(name), words[name], picture, tuple(map(tuple, faces[name])))
        for name, picture in pictures.items()
    ]


def find_faces(pictures: Mapping[str, UInt8[np.ndarray, "224 224 3"]]) -> dict[str, list[Box]]:
    """Faces in each picture, by OpenCV's frontal cascade (`alt`), which also looks at twice the size."""
    try:
        import cv2
    except ImportError:
        raise MilanError("faces are found by OpenCV: pip install 'milan-neurons[experiments]'") from None
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt.xml")
    found = {}
    for name, picture in pictures.items():
        grey = np.asarray(Image.fromarray(picture).convert("L").resize((2 * SIZE, 2 * SIZE)))
        boxes = cascade.detectMultiScale(grey, scaleFactor=1.2, minNeighbors=3, minSize=(30, 30))
        found[name] = [tuple(int(side) // 2 for side in box) for box in boxes]
    return found


def blurred(photo: Photo) -> UInt8[np.ndarray, "224 224 3"]:
    """The photograph with every face out of focus."""
    picture = Image.fromarray(photo.picture)
    for x, y, width, height in photo.faces:
        across, down = width * (_LARGER - 1) / 2, height * (_LARGER - 1) / 2
        box = (
            max(0, round(x - across)),
            max(0, round(y - down)),
            min(SIZE, round(x + width + across)),
            min(SIZE, round(y + height + down)),
        )
        radius = _BLUR * float(np.hypot(box[2] - box[0], box[3] - box[1]))
        picture.paste(picture.filter(ImageFilter.GaussianBlur(radius)).crop(box), box[:2])
    return np.asarray(picture)


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Which words are true of which photographs, in their order."""

    words: tuple[str, ...]
    true: Float32[np.ndarray, "photo word"]
    known: Bool[np.ndarray, "photo word"]
    """Whether that source tells of the word at all: where it does not, silence teaches nothing."""


def taught(photos: Sequence[Photo]) -> Taught:
    """The words that enough of some training photographs show."""
    counts = Counter(word for photo in photos for word in photo.words)
    words = tuple(sorted(word for word, n in counts.items() if n >= _LEAST))
    told: dict[str, set[str]] = defaultdict(set)
    for photo in photos:
        told[photo.source] |= photo.words
    true = np.array([[word in photo.words for word in words] for photo in photos], dtype=np.float32)
    known = np.array([[word in told[photo.source] for word in words] for photo in photos])
    return Taught(words, true, known)


def _rows(source: SourceFolder) -> dict[str, dict[str, Any]]:
    labelled = [row for row in source.rows("images_labels") if row["set"] == "caltech101"]
    kept = {FACES_CLASS, *sorted({row["label"] for row in labelled})[::5]}
    captioned = list(source.rows("images_captions"))
    regions = [row for row in source.rows("images_regions_only") if row["set"] in ("ccp", "coco")]
    rows = [row for row in labelled if row["label"] in kept] + captioned + regions
    return {row["file"]: row for row in rows}


def _words(source: SourceFolder, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Labels, names of regions, and people that captions speak of."""
    found: dict[str, set[str]] = {
        name: {row["label"]} if "label" in row else set() for name, row in rows.items()
    }
    for region in source.rows("regions"):
        if region["image"] in found:
            found[region["image"]].add(region["category"])
    for name, row in rows.items():
        found[name] |= _people(row.get("captions", ()))
    return {name: frozenset(words) for name, words in found.items()}


def _people(captions: Iterable[str]) -> set[str]:
    said = set(re.findall(r"[a-z]+", " ".join(captions).lower()))
    one = {"men": "man", "women": "woman", "boys": "boy", "girls": "girl", "children": "child"}
    return {one.get(word, word) for word in said} & set(PEOPLE)


def _split(name: str) -> str:
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32
    for split, share in SPLITS.items():
        if place < share:
            return split
        place -= share
    return split
