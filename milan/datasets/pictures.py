"""One picture from one file, as a screen would show it; or a clear reason why not.

Files may come from anybody: this is the one place that decodes them, within limits.
"""

import math
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from jaxtyping import Shaped
from PIL import Image, ImageOps, UnidentifiedImageError

from milan.errors import DataError

__all__ = ["MOST_BYTES", "MOST_VALUES", "Bands", "UnreadableImage", "open_picture", "open_sent_picture"]

Bands = Shaped[np.ndarray, "height width *channel"]
"""A picture of any number of channels and any type of number, as stored."""

MOST_BYTES = 2**30
"""Of a file; more is not even opened."""
MOST_VALUES = 2**28
"""Pixels times channels, as a file's first lines declare them: a few bytes may claim terabytes."""
_FORMATS = ("AVIF", "BMP", "DIB", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""Whatever a file is called, nothing else is tried: Pillow hands PostScript to another program."""

_MODES = {1: "L", 2: "L", 3: "RGB"}

_SENT_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 40_000_000

_UNREADABLE = (
    OSError,  # truncated, not an image, gone
    ValueError,  # damaged headers, pickled or odd .npy files
    SyntaxError,  # how Pillow reports a broken PNG or GIF
    EOFError,
    ArithmeticError,  # a resolution of 1/0, a size beyond all numbers
    AssertionError,
    AttributeError,
    LookupError,  # tags that are missing, or point nowhere
    RuntimeError,
    TypeError,  # tags of another kind than they should be
    struct.error,
    zlib.error,
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

    Raises UnreadableImage with the reason, also for what is no plain file or beyond the limits above.
    """
    try:
        _check_file(path)
        if path.suffix.lower() == ".npy":
            return _bands(_read_array(path))
        if channels > 4:
            return _bands(_read_bands(path))
        with Image.open(path, formats=_formats()) as opened:
            _check_size((*opened.size, len(opened.getbands())))
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


@cache
def _formats() -> tuple[str, ...]:
    """Those that this Pillow was built with."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _check_file(path: Path) -> None:
    if not path.is_file():  # a pipe would be waited for, a device be read for ever
        raise ValueError("gone, or not a plain file")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.stat().st_size} bytes, more than {MOST_BYTES}")


def _check_size(shape: tuple[int, ...]) -> None:
    if math.prod(shape) > MOST_VALUES:
        raise ValueError(f"claims {' x '.join(map(str, shape))} values, more than {MOST_VALUES}")


def _read_array(path: Path) -> np.ndarray[Any, Any]:
    """What a `.npy` file holds, mapped first: that refuses one that claims more than the file has."""
    mapped = np.lib.format.open_memmap(path, mode="r")
    _check_size(mapped.shape)
    return np.array(mapped)


def _read_bands(path: Path) -> np.ndarray[Any, Any]:
    from skimage.io import imread  # takes half a second to import, for satellite and microscope pictures only

    if path.suffix.lower() in (".tif", ".tiff"):
        from tifffile import TiffFile

        with TiffFile(path) as opened:
            _check_size(opened.series[0].shape)
    else:
        with Image.open(path, formats=_formats()) as picture:
            _check_size((*picture.size, len(picture.getbands())))
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
    said = " ".join(str(error).split())
    if isinstance(error, (LookupError, AttributeError, TypeError, AssertionError)):  # written for programmers
        return f"damaged ({type(error).__name__}: {said})"
    return said or type(error).__name__
