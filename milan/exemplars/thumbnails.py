"""Small pictures of the views that a unit's regions are shown on, kept while some unit holds the image."""

import io
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from jaxtyping import UInt8
from PIL import Image

__all__ = ["Thumbnails", "rgb_view", "thumbnail"]

SIDE = 128  # pixels of the longer side: sharp in a gallery on a screen of twice the density
QUALITY = 85


class Thumbnails:
    """Encoded pictures by position in the manifest; merges exactly, in any order."""

    def __init__(self, encoded: Mapping[int, bytes] | None = None) -> None:
        self.encoded: dict[int, bytes] = dict(encoded or {})

    def add(self, image: int, view: UInt8[np.ndarray, "height width channel"]) -> None:
        """Keep a JPEG of a view."""
        self.encoded[image] = thumbnail(view)

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
    def from_state_dict(cls, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Self:
        """The pictures again."""
        ends = np.cumsum(arrays["lengths"]).tolist()
        starts = [0, *ends[:-1]]
        content = arrays["bytes"].tobytes()
        cut = [content[start:end] for start, end in zip(starts, ends, strict=False)]
        return cls(dict(zip(arrays["images"].tolist(), cut, strict=True)))


def thumbnail(view: UInt8[np.ndarray, "height width channel"]) -> bytes:
    """A small JPEG of a view."""
    picture = Image.fromarray(rgb_view(view))
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=QUALITY)
    return content.getvalue()


def rgb_view(view: UInt8[np.ndarray, "height width channel"]) -> UInt8[np.ndarray, "height width 3"]:
    """A view in three channels: grey where a network reads fewer, the first three where it reads more."""
    rgb = np.repeat(view[:, :, :1], 3, axis=2) if view.shape[2] < 3 else view[:, :, :3]
    return np.ascontiguousarray(rgb)
