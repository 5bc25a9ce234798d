"""What a catalog keeps of the images that units were shown."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PicturePolicy", "PictureReference", "PicturesKept"]


class PicturePolicy(StrEnum):
    """How much of an image is kept: the same for every image of a catalog."""

    KEEP = "keep"
    """A small picture, 128 pixels on its longer side."""
    BLUR = "blur"
    """A few averaged colours: where it was bright, and nothing that could be recognised."""
    REFER = "refer"
    """Where the image lies and what its content hashes to; it is read again when it is shown."""


@dataclass(frozen=True, slots=True)
class PictureReference:
    """An image by its content, where no pixel of it is kept."""

    content: str
    """sha256 of the file's bytes, in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class PicturesKept:
    """How the images of one folder are kept."""

    policy: PicturePolicy = PicturePolicy.KEEP
    folder: str | None = None
    """Where references lead; None unless they are kept."""
