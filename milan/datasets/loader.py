"""Batches cut from a manifest, decoded ahead by threads."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

from milan.datasets.manifest import Manifest, Skipped
from milan.datasets.pictures import Bands, open_picture
from milan.errors import BadSetting, DataError

__all__ = ["Batch", "Batches", "Prepare", "View", "n_batches"]

View = UInt8[np.ndarray, "height width channel"]
Prepare = Callable[[str, Image.Image | Bands], tuple[View, Any]]
"""From a picture's path in the manifest and the picture to what is seen of it and the network's input:
float32 (channel, height, width), or whatever shape the network takes.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The images at `first`, `first + 1`, ... of a manifest, ready for a network."""

    index: int
    first: int
    n_images: int
    """Rows behind these are padding."""
    inputs: Float32[np.ndarray, "image *input"]
    """Always `batch_size` rows; padding and skipped images are zeros (of no pixels when all were skipped)."""
    views: dict[int, View]
    """By position in the manifest: what the network sees of each decoded image."""
    skipped: dict[int, Skipped]
    """By position in the manifest: images that could not be decoded."""


class Batches:
    """The fixed batches of a manifest, or some of them; each iteration decodes anew.

    Batch b holds images b * batch_size and on, the last one padded, whoever asks for it: so the
    arithmetic of a batch is the same in every run and shard. Threads stay at most two batches ahead.
    """

    def __init__(
        self,
        manifest: Manifest,
        batch_size: int,
        prepare: Prepare,
        *,
        channels: int = 3,
        workers: int = 2,
        only: Sequence[int] | None = None,
    ) -> None:
        if batch_size < 1 or workers < 1:
            raise BadSetting(f"batch size and workers must be at least 1, got {batch_size} and {workers}")
        self.manifest, self.batch_size, self.prepare = manifest, batch_size, prepare
        self.channels, self.workers = channels, workers
        self.only = range(n_batches(manifest, batch_size)) if only is None else only

    def __len__(self) -> int:
        return len(self.only)

    def __iter__(self) -> Iterator[Batch]:
        with ThreadPoolExecutor(self.workers, thread_name_prefix="decode") as pool:
            ahead: deque[tuple[int, list[Future[_Decoded]]]] = deque()
            for index in self.only:
                first = index * self.batch_size
                last = min(first + self.batch_size, len(self.manifest))
                ahead.append((index, [pool.submit(self._decode, at) for at in range(first, last)]))
                if len(ahead) > 2:
                    yield self._gather(*ahead.popleft())
            while ahead:
                yield self._gather(*ahead.popleft())

    def _decode(self, position: int) -> "_Decoded":
        try:
            picture = open_picture(self.manifest.file(position), self.channels)
            view, prepared = self.prepare(self.manifest.paths[position], picture)
            return view, np.asarray(prepared, np.float32)
        except (DataError, ValueError, MemoryError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            return Skipped(self.manifest.paths[position], reason)

    def _gather(self, index: int, decoding: "list[Future[_Decoded]]") -> Batch:
        first = index * self.batch_size
        decoded = [future.result() for future in decoding]
        shapes = {found[1].shape for found in decoded if not isinstance(found, Skipped)} or {(0, 0, 0)}
        if len(shapes) > 1:
            raise DataError(f"preprocessing gives images of different shapes: {sorted(shapes)}")
        inputs = np.zeros((self.batch_size, *shapes.pop()), np.float32)
        views: dict[int, View] = {}
        skipped: dict[int, Skipped] = {}
        for row, found in enumerate(decoded):
            if isinstance(found, Skipped):
                skipped[first + row] = found
            else:
                views[first + row], inputs[row] = found
        return Batch(index, first, len(decoded), inputs, views, skipped)


def n_batches(manifest: Manifest, batch_size: int) -> int:
    """How many batches a manifest makes."""
    return -(-len(manifest) // batch_size)


_Decoded = tuple[View, Float32[np.ndarray, "*input"]] | Skipped
