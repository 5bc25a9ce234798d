"""Region features of training samples, read once and kept in the cache."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from jaxtyping import Float16
from PIL import Image, ImageOps, UnidentifiedImageError

from captioner.backbone import Backbone
from captioner.errors import SampleError
from captioner.files import cache_folder
from captioner.samples import Sample, draw_mask

__all__ = ["SampleFeatures", "read_features"]

_BATCH = 64  # pictures decoded at a time


@dataclass(frozen=True, slots=True, eq=False)
class SampleFeatures:
    """Samples with the features of their regions, row by row."""

    samples: tuple[Sample, ...]
    features: Float16[np.ndarray, "sample feature"]
    """Half precision: the features' own noise is far larger, and 40,000 regions fit 150 MB."""

    def split(self, name: str) -> "SampleFeatures":
        """The samples of one split, `train` or `validation`."""
        chosen = [index for index, sample in enumerate(self.samples) if sample.split == name]
        return SampleFeatures(tuple(self.samples[index] for index in chosen), self.features[chosen])


def read_features(
    samples: Sequence[Sample],
    folder: Path,
    reader: Backbone,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> SampleFeatures:
    """Read every region of the samples with a backbone, each picture once.

    The result is kept in the cache under the content of samples and backbone; pictures themselves are taken to
    be what they were. `progress` is told pictures done and in all. SampleError: a picture cannot be read.
    """
    ordered = sorted(samples, key=lambda sample: sample.image)
    kept = cache_folder("features") / f"{_key(ordered, folder, reader)}.npy"
    if kept.exists():
        return SampleFeatures(tuple(ordered), np.load(kept))
    by_image = [(image, list(some)) for image, some in groupby(ordered, key=lambda sample: sample.image)]
    rows: list[Float16[np.ndarray, "region feature"]] = []
    for start in range(0, len(by_image), _BATCH):
        some = by_image[start : start + _BATCH]
        pictures = [_decode(folder / image) for image, _ in some]
        masks = [
            # masks of one picture come on grids of different sizes: reading wants one
            np.stack(
                [_on_grid(draw_mask(s.mask, picture.shape[1], picture.shape[0], folder)) for s in regions]
            )
            for picture, (_, regions) in zip(pictures, some, strict=True)
        ]
        rows += [found.astype(np.float16) for found in reader.read(pictures, masks)]
        progress(min(start + _BATCH, len(by_image)), len(by_image))
    features = np.concatenate(rows)
    aside = kept.with_suffix(".part.npy")
    np.save(aside, features)
    aside.replace(kept)
    return SampleFeatures(tuple(ordered), features)


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
    text = json.dumps([asdict(sample) for sample in samples], sort_keys=True)
    named = "\n".join([text, str(folder.resolve()), *sorted(reader.tensor_hashes)])
    return hashlib.sha256(named.encode()).hexdigest()[:24]
