"""One image of a unit, lit where the unit is active."""

import base64
import io
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from jaxtyping import Bool
from PIL import Image, ImageDraw, ImageFont

from milan.datasets import UnreadableImage, open_sent_picture
from milan.records import Exemplar, ImageRegion

__all__ = ["FINE", "draw_tile", "inline_tiles"]

FINE = 3
"""Masks are drawn this many times larger and shrunk, for a smooth edge."""
OUTSIDE = 0.42  # brightness left outside the region
HOLE = "#e6e3dc"
ABSENT = "picture\nnot here"
_QUALITY = 72


def draw_tile(thumbnail: bytes | None, region: ImageRegion | None, size: int) -> Image.Image:
    """The view, `size` pixels on its longer side, dimmed outside the region, with a white line around it.

    An RGB picture. Without a region the view as it is; without a picture a square that says so.
    """
    view = _decoded(thumbnail)
    if view is None:
        return _note_absence(_lit(Image.new("RGB", (size, size), HOLE), region))
    larger = size / max(view.size)
    width, height = (max(1, round(side * larger)) for side in view.size)
    return _lit(view.resize((width, height), Image.Resampling.LANCZOS), region)


def _decoded(thumbnail: bytes | None) -> Image.Image | None:
    """None where nothing is kept, or what is kept is damaged."""
    try:
        return None if thumbnail is None else open_sent_picture(io.BytesIO(thumbnail))
    except UnreadableImage:
        return None


def _note_absence(square: Image.Image) -> Image.Image:
    """A square, with words where a picture would be."""
    pen, middle = ImageDraw.Draw(square), square.width / 2
    font, halo = ImageFont.load_default(max(10, square.width // 12)), square.width // 100 + 1
    at = (middle, middle)
    pen.text(at, ABSENT, "black", font, "mm", align="center", stroke_width=halo, stroke_fill="white")
    return square


def _lit(view: Image.Image, region: ImageRegion | None) -> Image.Image:
    """The view, dimmed outside the region."""
    if region is None:
        return view
    width, height = view.size
    mask = region.mask(height * FINE, width * FINE)
    line = _grown(mask, FINE) & _grown(~mask, 1)
    drawn, edge = (
        Image.fromarray(shape.astype(np.uint8) * 255).resize((width, height), Image.Resampling.BOX)
        for shape in (mask, line)
    )
    dimmed = Image.blend(Image.new("RGB", view.size, "black"), view, OUTSIDE)
    lit = Image.composite(view, dimmed, drawn)
    return Image.composite(Image.new("RGB", view.size, "white"), lit, edge)


def inline_tiles(exemplars: Iterable[Exemplar], thumbnails: Mapping[str, bytes], size: int) -> Iterator[str]:
    """Tiles of images as addresses that hold their picture within themselves; passages are left out."""
    for exemplar in exemplars:
        if isinstance(exemplar.region, ImageRegion):
            content = io.BytesIO()
            tile = draw_tile(thumbnails.get(exemplar.source), exemplar.region, size)
            tile.save(content, "WEBP", quality=_QUALITY)
            yield f"data:image/webp;base64,{base64.b64encode(content.getvalue()).decode()}"


def _grown(mask: Bool[np.ndarray, "height width"], reach: int) -> Bool[np.ndarray, "height width"]:
    """What lies within `reach` rows and columns of the mask; Pillow's rank filters take ten times as long."""
    for _ in range(reach):
        taller = mask.copy()
        taller[1:] |= mask[:-1]
        taller[:-1] |= mask[1:]
        mask = taller.copy()
        mask[:, 1:] |= taller[:, :-1]
        mask[:, :-1] |= taller[:, 1:]
    return mask
