"""What a voice sees of pictures: regions, what lies beside them, and patches, each picture read once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32

from captioner.protocols import Features, Masks, Picture, RegionEncoder
from milan.describe.beside import OPPOSITE, neighbours
from milan.describe.presence import MASK_GRID, PATCH_MASKS, Patches
from milan.describe.voice import Voice

__all__ = ["SHARP", "ReadPicture", "Seen", "read_patches", "read_pictures", "views_ahead"]

PICTURES_AT_ONCE = 16
SHARP = 60.0
"""Nats that a cosine of 1 is worth to an encoder where it is believed beyond what follows the whole range.

Our own is as sharp as that of drawings; of photographs it is not (docs/describing.md).
"""


class Seen(NamedTuple):
    """What the encoder makes of one region."""

    vector: Float32[np.ndarray, " dim"]
    """Where it lies; unit length."""
    sharpness: float
    beside: Float32[np.ndarray, "side dim"]
    """What lies to each side (`beside.OPPOSITE`), as long as it is sharp.

    Not-a-number where nothing does, and all around a region that the encoder does not see sharply.
    """


class ReadPicture(NamedTuple):
    """What was read of one picture."""

    features: Features
    """The captioner's, of each region."""
    seen: list[Seen]
    """The encoder's, of each region."""
    patches: Features | None
    """The encoder's features of the patches, of a picture that is read patch by patch."""


def read_pictures(
    views: Sequence[Picture], regions: Sequence[Sequence[Masks]], sampled: Sequence[bool], voice: Voice
) -> list[ReadPicture]:
    """Read pictures under their regions' masks (each on `MASK_GRID`), `sampled` ones patch by patch too."""
    own = [_stacked(masks) for masks in regions]
    around = [_around(masks, voice.encoder) for masks in own]
    asked = [
        np.concatenate([masks, beside[beside.any((1, 2))], *([PATCH_MASKS] if whole else [])])
        for masks, beside, whole in zip(own, around, sampled, strict=True)
    ]
    encoded = voice.encoder.reader.read(views, asked)
    shared = voice.encoder.reader is voice.captioner.reader
    features = encoded if shared else voice.captioner.reader.read(views, own)
    found = []
    for masks, beside, whole, for_captioner, for_encoder in zip(
        own, around, sampled, features, encoded, strict=True
    ):
        there = np.asarray(beside.any((1, 2)))
        n_read = len(masks) + int(there.sum())
        seen = list(_seen(for_encoder[:n_read], there, voice.encoder))
        found.append(ReadPicture(for_captioner[: len(masks)], seen, for_encoder[n_read:] if whole else None))
    return found


def read_patches(
    images: Sequence[str],
    open_view: Callable[[str], Picture],
    encoder: RegionEncoder,
    *,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Patches:
    """Read images patch by patch with one encoder."""
    found = Patches(images)
    done = 0
    for batch in views_ahead(images, open_view, workers):
        features = encoder.reader.read([view for _, view in batch], [PATCH_MASKS] * len(batch))
        for (image, _), own in zip(batch, features, strict=True):
            found.put(image, own, encoder)
        done += len(batch)
        if progress:
            progress(done, len(images))
    return found


def views_ahead(
    paths: Sequence[str], open_view: Callable[[str], Picture], workers: int
) -> Iterator[list[tuple[str, Picture]]]:
    """Batches of views, the next one decoded while this one is read."""
    waiting = iter(paths)
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:

        def start() -> list[tuple[str, Future[Picture]]]:
            return [(path, pool.submit(open_view, path)) for path in islice(waiting, PICTURES_AT_ONCE)]

        following = start()
        while following:
            current, following = following, start()
            yield [(path, future.result()) for path, future in current]


def _seen(
    features: Features, there: Bool[np.ndarray, " neighbour"], encoder: RegionEncoder
) -> Iterator[Seen]:
    """What the encoder makes of some regions, whose features come first, and of neighbours that are there."""
    n_regions = len(there) // len(OPPOSITE)
    own, around = features[:n_regions], features[n_regions:]
    vectors, sharpness = encoder.embed_regions(own), encoder.sharpness(own)
    asked = (sharpness >= SHARP).repeat(len(OPPOSITE))
    beside = np.full((len(there), vectors.shape[1]), np.nan, np.float32)
    if (asked & there).any():
        seen = around[asked[there]]
        beside[asked & there] = encoder.embed_regions(seen) * encoder.sharpness(seen)[:, None]
    for number in range(n_regions):
        sides = slice(number * len(OPPOSITE), (number + 1) * len(OPPOSITE))
        yield Seen(vectors[number], float(sharpness[number]), beside[sides])


def _around(regions: Masks, encoder: RegionEncoder) -> Masks:
    """What lies to each side of every region, region by region; nothing where reading it would cost much."""
    found = np.zeros((len(regions), len(OPPOSITE), *regions.shape[1:]), np.float32)
    if encoder.reader.pools:
        for number, region in enumerate(regions):
            found[number] = neighbours(region)
    return found.reshape(-1, *regions.shape[1:])


def _stacked(masks: Sequence[Masks]) -> Masks:
    return np.stack(masks) if masks else np.zeros((0, MASK_GRID, MASK_GRID), np.float32)
