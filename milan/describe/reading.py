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
    asked = [
        np.concatenate([masks, PATCH_MASKS]) if whole else masks
        for masks, whole in zip(own, sampled, strict=True)
    ]
    encoded = voice.encoder.reader.read(views, asked)
    shared = voice.encoder.reader is voice.captioner.reader
    features = encoded if shared else voice.captioner.reader.read(views, own)
    found = [_embedded(part[: len(masks)], voice.encoder) for masks, part in zip(own, encoded, strict=True)]
    around = _read_around(views, own, found, voice.encoder)
    return [
        ReadPicture(
            for_captioner[: len(masks)],
            [Seen(*parts) for parts in zip(*seen, beside, strict=True)],
            for_encoder[len(masks) :] if whole else None,
        )
        for masks, whole, for_captioner, for_encoder, seen, beside in zip(
            own, sampled, features, encoded, found, around, strict=True
        )
    ]


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


class _Embedded(NamedTuple):
    """Regions of one picture as the encoder sees them."""

    vectors: Float32[np.ndarray, "region dim"]
    sharpness: Float32[np.ndarray, " region"]


def _embedded(features: Features, encoder: RegionEncoder) -> _Embedded:
    return _Embedded(encoder.embed_regions(features), encoder.sharpness(features))


def _read_around(
    views: Sequence[Picture], regions: Sequence[Masks], seen: Sequence[_Embedded], encoder: RegionEncoder
) -> list[Float32[np.ndarray, "region side dim"]]:
    """What lies beside the regions that are seen sharply; their pictures are read once more, others not."""
    masks = [_around(own, of.sharpness >= SHARP, encoder) for own, of in zip(regions, seen, strict=True)]
    found = [
        np.full((*own.shape[:2], of.vectors.shape[1]), np.nan, np.float32)
        for own, of in zip(masks, seen, strict=True)
    ]
    there = [np.asarray(own.any((2, 3))) for own in masks]
    again = [number for number, sides in enumerate(there) if sides.any()]
    read = encoder.reader.read([views[at] for at in again], [masks[at][there[at]] for at in again])
    for number, features in zip(again, read, strict=True):
        beside = _embedded(features, encoder)
        found[number][there[number]] = beside.vectors * beside.sharpness[:, None]
    return found


def _around(
    regions: Masks, is_sharp: Bool[np.ndarray, " region"], encoder: RegionEncoder
) -> Float32[np.ndarray, "region side row column"]:
    """What lies to each side of some regions; nothing where reading it would cost much."""
    found = np.zeros((len(regions), len(OPPOSITE), *regions.shape[1:]), np.float32)
    if encoder.reader.pools:
        for number in np.flatnonzero(is_sharp):
            found[number] = neighbours(regions[number])
    return found


def _stacked(masks: Sequence[Masks]) -> Masks:
    return np.stack(masks) if masks else np.zeros((0, MASK_GRID, MASK_GRID), np.float32)
