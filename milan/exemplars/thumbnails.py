"""Small pictures of the views that a unit's regions are shown on, kept while some unit holds the image."""

import io
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from milan.records import PicturePolicy, PictureReference

__all__ = ["Thumbnails", "kept_of", "rgb_view", "thumbnail"]

SIDE = 128  # pixels of the longer side: sharp in a gallery on a screen of twice the density
QUALITY = 85
CELLS, PIXELS_A_CELL = 8, 8
"""A blurred picture is at most so many averaged colours a side, each of so many pixels at least."""


class Thumbnails:
    """What is kept of images, by position in the manifest; merges exactly, in any order."""

    def __init__(
        self, encoded: Mapping[int, bytes] | None = None, policy: PicturePolicy = PicturePolicy.KEEP
    ) -> None:
        self.encoded: dict[int, bytes] = dict(encoded or {})
        """JPEGs; the 32 bytes of a content hash where references are kept."""
        self.policy = policy

    def add(self, image: int, view: UInt8[np.ndarray, "height width channel"], content: str) -> None:
        """Keep of a view, and of its file's content hash, what the policy allows."""
        kept = kept_of(view, content, self.policy)
        self.encoded[image] = bytes.fromhex(kept.content) if isinstance(kept, PictureReference) else kept

    def kept(self) -> dict[int, bytes | PictureReference]:
        """Pictures or references."""
        if self.policy is not PicturePolicy.REFER:
            return dict(self.encoded)
        return {image: PictureReference(digest.hex()) for image, digest in self.encoded.items()}

    def merge(self, other: Self) -> None:
        """Take in another shard's pictures."""
        self.encoded |= other.encoded

    def keep_only(self, images: frozenset[int]) -> None:
        """Forget the pictures that no unit holds any more."""
        self.encoded = {image: self.encoded[image] for image in sorted(images & self.encoded.keys())}

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """Positions, lengths and the bytes one behind the other."""
        return {
            "images": np.array(list(self.encoded), np.int64),
            "lengths": np.array([len(content) for content in self.encoded.values()], np.int64),
            "bytes": np.frombuffer(b"".join(self.encoded.values()), np.uint8),
        }

    @classmethod
    def from_state_dict(
        cls, arrays: Mapping[str, np.ndarray[Any, Any]], policy: PicturePolicy = PicturePolicy.KEEP
    ) -> Self:
        """The pictures again."""
        ends = np.cumsum(arrays["lengths"]).tolist()
        starts = [0, *ends[:-1]]
        content = arrays["bytes"].tobytes()
        cut = [content[start:end] for start, end in zip(starts, ends, strict=False)]
        return cls(dict(zip(arrays["images"].tolist(), cut, strict=True)), policy)


def kept_of(
    view: UInt8[np.ndarray, "height width channel"], content: str, policy: PicturePolicy
) -> bytes | PictureReference:
    """What is kept of a view, and of the content hash of its file: a JPEG, or the hash alone."""
    if policy is PicturePolicy.REFER:
        return PictureReference(content)
    return thumbnail(view, blurred=policy is PicturePolicy.BLUR)


def thumbnail(view: UInt8[np.ndarray, "height width channel"], *, blurred: bool = False) -> bytes:
    """A small JPEG of a view; blurred, it is made of nothing but averages of squares (`CELLS`)."""
    picture = Image.fromarray(rgb_view(view))
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
    if blurred:
        cells, longer = picture.copy(), max(picture.size)
        n_cells = max(1, min(CELLS, longer // PIXELS_A_CELL))
        cells.thumbnail((n_cells, n_cells), Image.Resampling.BOX, reducing_gap=None)
        picture = cells.resize(picture.size, Image.Resampling.BICUBIC)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=QUALITY)
    return content.getvalue()


def rgb_view(view: UInt8[np.ndarray, "height width channel"]) -> UInt8[np.ndarray, "height width 3"]:
    """A view in three channels: grey where a network reads fewer, the first three where it reads more."""
    rgb = np.repeat(view[:, :, :1], 3, axis=2) if view.shape[2] < 3 else view[:, :, :3]
    return np.ascontiguousarray(rgb)
