"""A sheet of tiles and lines of text, drawn with Pillow."""

import math
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from milan.catalog.tile import FINE

__all__ = [
    "ACCENT",
    "COLUMNS",
    "GAP",
    "INK",
    "MARGIN",
    "PAGE",
    "SOFT",
    "TILE",
    "WIDTH",
    "length",
    "paste",
    "plain",
    "wide_font",
    "write",
]

TILE, GAP, MARGIN, COLUMNS = 224, 16, 40, 5
WIDTH = 2 * MARGIN + COLUMNS * TILE + (COLUMNS - 1) * GAP
_BEYOND_LATIN = "\u0250"
"""The first letter that Pillow's own face has not."""
PAGE, INK, SOFT, ACCENT = "#f8f7f4", "#1b1c1e", "#6b6e74", "#0b6e69"


def paste(sheet: Image.Image, at: tuple[int, int], tile: Image.Image) -> None:
    """Put a tile on its place, middle on middle, with round corners."""
    corners = Image.new("L", (tile.width * FINE, tile.height * FINE))
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, *corners.size), 10 * FINE, fill=255)
    place = (at[0] + (TILE - tile.width) // 2, at[1] + (TILE - tile.height) // 2)
    sheet.paste(tile, place, corners.resize(tile.size, Image.Resampling.BOX))


def write(  # noqa: PLR0913 - a line of text has this many sides
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: str,
    room: float = math.inf,
    *,
    bold: bool = False,
    ends: bool = False,
) -> None:
    """One line of text from `at`, or ending there; what finds no room is cut off."""
    shown = plain(text)
    if length(shown, size) > room:
        while shown and length(shown + "…", size) > room:
            shown = shown[:-1]
        shown += "…"
    left = at[0] - (length(shown, size) if ends else 0.0)
    for word in shown.split():
        # The face has one weight: a thin line of the same colour makes it heavier.
        stroke = size / 60 if bold else 0
        pen.text((left, at[1]), word, colour, _face(word, size), stroke_width=stroke, stroke_fill=colour)
        left += length(word, size) + _space(size)


def length(text: str, size: int) -> float:
    """How wide a line of text is, in pixels."""
    words = text.split()
    return sum(_face(word, size).getlength(word) for word in words) + _space(size) * max(0, len(words) - 1)


def _space(size: int) -> int:
    """Between two words: the face's own space is a hair at small sizes."""
    return math.ceil(size * 0.32)


def plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _face(word: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return _font(size) if max(word, default="") < _BEYOND_LATIN else wide_font(size)


@cache
def wide_font(size: int) -> ImageFont.FreeTypeFont:
    """A face with most alphabets, which matplotlib brings."""
    import matplotlib

    faces = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(str(faces / "DejaVuSans.ttf"), size)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
