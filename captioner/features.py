"""Region features of training samples, read once and kept in the cache."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from jaxtyping import Float16
from PIL import Image, ImageOps, UnidentifiedImageError

from captioner.backbone import Backbone
from captioner.errors import SampleError
from captioner.files import cache_folder
from captioner.samples import Sample, draw_mask

__all__ = ["SampleFeatures", "joined", "read_features"]

_CHUNK = 128  # pictures


@dataclass(frozen=True, slots=True, eq=False)
class SampleFeatures:
    """Samples with the features of their regions, row by row."""

    samples: tuple[Sample, ...]
    features: Float16[np.ndarray, "sample feature"]
    """Half precision: the features' own noise is far larger, and 40,000 regions fit 150 MB."""
    depths: tuple[int, ...]
    """Numbers that each depth of the backbone gave; they lie side by side in a row."""

    def split(self, name: str) -> "SampleFeatures":
        """The samples of one split, `train` or `validation`."""
        return self.where(lambda sample: sample.split == name)

    def where(self, wanted: Callable[[Sample], bool]) -> "SampleFeatures":
        """The samples that are wanted."""
        chosen = [index for index, sample in enumerate(self.samples) if wanted(sample)]
        return SampleFeatures(
            tuple(self.samples[index] for index in chosen), self.features[chosen], self.depths
        )


def joined(parts: Sequence[SampleFeatures]) -> SampleFeatures:
    """Samples read by one backbone, one part after the other."""
    return SampleFeatures(
        tuple(sample for part in parts for sample in part.samples),
        np.concatenate([part.features for part in parts]),
        parts[0].depths,
    )


def read_features(
    samples: Sequence[Sample],
    folder: Path,
    reader: Backbone,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> SampleFeatures:
    """Read every region of the samples with a backbone, each picture once.

    What was read is kept in the cache, a chunk of pictures at a time, under the content of regions and
    backbone: interrupted work goes on where it was. Pictures themselves are taken to be what they were.
    `progress` is told pictures done and in all. SampleError: a picture cannot be read.
    """
    ordered = sorted(samples, key=lambda sample: sample.image)
    by_image = [(image, list(some)) for image, some in groupby(ordered, key=lambda sample: sample.image)]
    cache = cache_folder("features") / _key(ordered, folder, reader)
    cache.mkdir(exist_ok=True)
    chunks: list[Float16[np.ndarray, "region feature"]] = []
    for start in range(0, len(by_image), _CHUNK):
        kept = cache / f"{start:08}.npy"
        if not kept.exists():
            aside = kept.with_suffix(".part.npy")
            np.save(aside, _read(by_image[start : start + _CHUNK], folder, reader))
            aside.replace(kept)
        chunks.append(np.load(kept))
        progress(min(start + _CHUNK, len(by_image)), len(by_image))
    return SampleFeatures(tuple(ordered), np.concatenate(chunks), reader.widths)


def _read(
    by_image: Sequence[tuple[str, list[Sample]]], folder: Path, reader: Backbone
) -> Float16[np.ndarray, "region feature"]:
    pictures = [_decode(folder / image) for image, _ in by_image]
    masks = [
        # masks of one picture come on grids of different sizes: reading wants one
        np.stack([_on_grid(draw_mask(s.mask, picture.shape[1], picture.shape[0], folder)) for s in regions])
        for picture, (_, regions) in zip(pictures, by_image, strict=True)
    ]
    return np.concatenate(reader.read(pictures, masks)).astype(np.float16)


def _decode(file: Path) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    try:
        with Image.open(file) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, UnidentifiedImageError) as wrong:
        raise SampleError(f"cannot read the picture {file}: {wrong}") from wrong


def _on_grid(
    mask: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    if mask.shape == (56, 56):
        return mask
    return np.asarray(Image.fromarray(mask, "F").resize((56, 56), Image.Resampling.BILINEAR))


def _key(samples: Sequence[Sample], folder: Path, reader: Backbone) -> str:
    text = json.dumps([[sample.image, sample.mask] for sample in samples], sort_keys=True)
    named = "\n".join([text, str(folder.resolve()), *sorted(reader.tensor_hashes)])
    return hashlib.sha256(named.encode()).hexdigest()[:24]
