"""One picture from one file, as a screen would show it; or a clear reason why not."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from jaxtyping import Shaped
from PIL import Image, ImageOps, UnidentifiedImageError

from milan.errors import DataError

__all__ = ["Bands", "UnreadableImage", "open_picture", "open_sent_picture"]

Bands = Shaped[np.ndarray, "height width *channel"]
"""A picture of any number of channels and any type of number, as stored."""

_MODES = {1: "L", 2: "L", 3: "RGB"}

_SENT_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 40_000_000

_UNREADABLE = (
    OSError,  # truncated, not an image, gone
    ValueError,  # damaged headers, pickled or odd .npy files
    SyntaxError,  # how Pillow reports a broken PNG or GIF
    EOFError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,  # raised where warnings are errors
)


class UnreadableImage(DataError):
    """An image that cannot be decoded; it is skipped and counted."""


def open_picture(path: Path, channels: int = 3) -> Image.Image | Bands:
    """Decode an image for a network of so many channels.

    Up to four channels give a Pillow picture, turned as its EXIF says: the first frame of an animation,
    16 bits brought to 8, transparency laid over white unless the network takes it. A `.npy` file, and any
    file for a network of more channels, gives an array (height, width[, channel]) as stored.

    Raises UnreadableImage with the reason.
    """
    try:
        if path.suffix.lower() == ".npy":
            return _bands(np.load(path, allow_pickle=False))
        if channels > 4:
            return _bands(_read_bands(path))
        with Image.open(path) as opened:
            upright = ImageOps.exif_transpose(_eight_bits(opened))
            return upright.convert("RGBA") if channels == 4 else _opaque(upright, _MODES[channels])
    except _UNREADABLE as error:
        raise UnreadableImage(_reason(error)) from error


def open_sent_picture(file: BinaryIO, channels: int = 3) -> Image.Image:
    """Decode a picture that somebody sent, who may mean harm; otherwise as `open_picture`.

    Only formats of the web, of at most 40 million pixels by their own header, which is read before
    anything is decoded. Raises UnreadableImage with the reason; DataError for a network of more than four
    channels, which no such picture has.
    """
    if channels > 4:
        raise DataError(f"the network takes {channels} channels, and a picture that is sent has at most 4")
    try:
        with Image.open(file, formats=_SENT_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise ValueError(
                    f"{opened.width:,} x {opened.height:,} pixels, where {_MOST_PIXELS:,} in all is the most"
                )
            upright = ImageOps.exif_transpose(_eight_bits(opened))
            return upright.convert("RGBA") if channels == 4 else _opaque(upright, _MODES[channels])
    except _UNREADABLE as error:
        raise UnreadableImage(_reason(error)) from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Bring 16-bit and floating grays to 8 bits by their type's range, never by their contents."""
    if picture.mode.startswith("I"):
        coarse = (np.asarray(picture).astype(np.int64) >> 8).clip(0, 255)
    elif picture.mode == "F":
        shares = np.asarray(picture)
        if not (shares.min() >= 0 and shares.max() <= 1):
            raise ValueError("floating values outside 0..1")
        coarse = np.rint(shares * 255)
    else:
        return picture
    found = Image.fromarray(coarse.astype(np.uint8))
    found.getexif().update(picture.getexif())
    return found


def _opaque(picture: Image.Image, mode: str) -> Image.Image:
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture.convert(mode)


def _read_bands(path: Path) -> np.ndarray[Any, Any]:
    from skimage.io import imread  # takes half a second to import, for satellite and microscope pictures only

    return np.asarray(imread(path))


def _bands(values: np.ndarray[Any, Any]) -> Bands:
    if values.ndim not in (2, 3) or 0 in values.shape:
        raise ValueError(f"shape {values.shape}, where (height, width, channel) is needed")
    return values


def _reason(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "not an image that can be decoded"
    if isinstance(error, MemoryError):
        return "too large for memory"
    return " ".join(str(error).split()) or type(error).__name__
