"""Training samples: a picture, a region of it, and phrases that are true of the region.

One JSON object a line:

    {"image": "photos/1.jpg", "mask": {"box": [20, 10, 64, 48]}, "phrases": ["a red bus", "a bus"]}

`image` is relative to the file's folder. `mask` is one of

- `{"box": [x, y, width, height]}` in pixels of the picture,
- `{"size": [h, w], "counts": [...]}`: run lengths, column by column from the top left, outside first
  (COCO's uncompressed form), on a grid of any size over the picture,
- `{"file": "masks/1.png"}`: a grey picture, brighter than half is inside,
- absent: the whole picture.

`phrases` are all true, the most specific first. Optional: `kind`, any word by which results are counted
(default `region`), and `split`, `train` or `validation`; without it one picture in ten, chosen by a hash of
its path, validates.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32
from PIL import Image

from captioner.errors import SampleError

__all__ = ["Sample", "draw_mask", "read_samples", "write_samples"]

_GRID = 56  # the finest grid that any depth of a backbone reads is about this


@dataclass(frozen=True, slots=True)
class Sample:
    """One region and what is true of it."""

    image: str
    """POSIX path relative to the samples' folder."""
    mask: dict[str, Any] | None
    """As in the file; None is the whole picture."""
    phrases: tuple[str, ...]
    """At least one, lower case, the most specific first."""
    kind: str = "region"
    """By which results are counted."""
    split: str = "train"
    """`train` or `validation`."""


def read_samples(file: Path) -> list[Sample]:
    """Read a file of samples; SampleError names the file that cannot be read, or the first such line."""
    try:
        lines = file.read_text(encoding="utf8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise SampleError(f"{file}: cannot be read as samples ({problem})") from problem
    samples: list[Sample] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                samples.append(_parse(line))
            except SampleError as wrong:
                raise SampleError(f"{file}, line {number}: {wrong}") from None
    if not samples:
        raise SampleError(f"{file} holds no samples")
    return samples


def write_samples(file: Path, samples: Iterable[Sample]) -> int:
    """Write samples as `read_samples` reads them; returns how many."""
    n_written = 0
    with file.open("w", encoding="utf8") as out:
        for sample in samples:
            record: dict[str, Any] = {"image": sample.image}
            if sample.mask is not None:
                record["mask"] = sample.mask
            record |= {"phrases": list(sample.phrases), "kind": sample.kind, "split": sample.split}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            n_written += 1
    return n_written


def draw_mask(
    mask: dict[str, Any] | None, width: int, height: int, folder: Path
) -> Float32[np.ndarray, "grid grid"]:
    """Draw a sample's mask: the share of each cell of a 56 x 56 grid over the picture that is inside.

    `width` and `height` are the picture's, in pixels; `folder` is the samples' own.
    """
    if mask is None:
        return np.ones((_GRID, _GRID), np.float32)
    if "box" in mask:
        return _draw_box(mask["box"], width, height)
    if "counts" in mask:
        return _shrunk(_run_lengths(mask["counts"], *mask["size"]))
    with Image.open(folder / mask["file"]) as picture:
        return _shrunk((np.asarray(picture.convert("L")) > 127).astype(np.float32))


def _draw_box(box: list[float], width: int, height: int) -> Float32[np.ndarray, "grid grid"]:
    x, y, w, h = box
    across = _covered(x / width, (x + w) / width)
    down = _covered(y / height, (y + h) / height)
    return np.outer(down, across).astype(np.float32)


def _covered(start: float, end: float) -> Float32[np.ndarray, " grid"]:
    """Share of each cell of a line of cells that an interval (in parts of the line) covers."""
    edges = np.arange(_GRID + 1) / _GRID
    inside = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    shares: Float32[np.ndarray, " grid"] = (np.clip(inside, 0, None) * _GRID).astype(np.float32)
    return shares


def _run_lengths(counts: list[int], height: int, width: int) -> Float32[np.ndarray, "height width"]:
    inside = np.arange(len(counts)) % 2 == 1
    drawn: Float32[np.ndarray, "height width"] = (
        np.repeat(inside, counts).reshape(width, height).T.astype(np.float32)
    )
    return drawn


def _shrunk(mask: Float32[np.ndarray, "height width"]) -> Float32[np.ndarray, "grid grid"]:
    if max(mask.shape) <= _GRID:
        return mask
    return np.asarray(Image.fromarray(mask, "F").resize((_GRID, _GRID), Image.Resampling.BOX))


def _parse(line: str) -> Sample:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as wrong:
        raise SampleError(f"not JSON: {wrong}") from None
    if not isinstance(record, dict):
        raise SampleError("not a JSON object")
    image, phrases, mask = record.get("image"), record.get("phrases"), record.get("mask")
    if not isinstance(image, str) or not image:
        raise SampleError('"image" must be a path relative to the file\'s folder')
    if (
        not isinstance(phrases, list)
        or not phrases
        or not all(isinstance(p, str) and p.strip() for p in phrases)
    ):
        raise SampleError('"phrases" must be a list of at least one phrase')
    if mask is not None:
        for complaint in _complaints(mask):
            raise SampleError(complaint)
    split = record.get("split") or _split(image)
    if split not in ("train", "validation"):
        raise SampleError(f'"split" must be "train" or "validation", got {split!r}')
    cleaned = tuple(dict.fromkeys(" ".join(phrase.lower().split()) for phrase in phrases))
    return Sample(image, mask, cleaned, str(record.get("kind") or "region"), split)


def _complaints(mask: Any) -> Iterator[str]:
    if not isinstance(mask, dict) or not ({"box", "counts", "file"} & mask.keys()):
        yield '"mask" must hold "box", "size" and "counts", or "file"'
    elif "box" in mask:
        box = mask["box"]
        if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, int | float) for v in box):
            yield '"box" must be [x, y, width, height]'
        elif box[2] <= 0 or box[3] <= 0:
            yield f'"box" must have width and height above 0, got {box}'
    elif "counts" in mask:
        size, counts = mask.get("size"), mask["counts"]
        if not isinstance(size, list) or len(size) != 2:
            yield '"size" must be [height, width]'
        elif not isinstance(counts, list) or not all(isinstance(v, int) and v >= 0 for v in counts):
            yield '"counts" must be a list of run lengths (the compressed string form is not read)'
        elif sum(counts) != size[0] * size[1]:
            yield f'"counts" add up to {sum(counts)}, not to {size[0]} x {size[1]}'


def _split(image: str) -> str:
    return "validation" if hashlib.sha256(image.encode()).digest()[0] < 26 else "train"
