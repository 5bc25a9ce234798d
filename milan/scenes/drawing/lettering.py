"""Writing as coverage masks, in Pillow's own font."""

from functools import lru_cache

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from milan.errors import MilanError

__all__ = ["LETTERS", "WORDS", "text_coverage"]

LETTERS: tuple[str, ...] = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
"""Capital letters and digits."""
WORDS: tuple[str, ...] = (
    "apple", "bank", "bar", "beach", "bike", "bird", "book", "bread", "bus", "cafe", "cake", "car", "cat",
    "city", "closed", "coffee", "danger", "dog", "door", "east", "enter", "exit", "fire", "fish", "food",
    "free", "fun", "game", "garden", "girl", "gold", "happy", "hello", "help", "home", "hotel", "house",
    "ice", "joy", "king", "lake", "left", "love", "map", "market", "milk", "moon", "museum", "music", "new",
    "news", "night", "north", "ocean", "open", "park", "peace", "pizza", "police", "queen", "radio", "rain",
    "right", "river", "road", "run", "sale", "school", "slow", "snow", "south", "star", "stop", "sun",
    "taxi", "tea", "thanks", "time", "toys", "train", "tree", "water", "west", "wine", "work", "yes",
    "zoo",
)  # fmt: skip
"""Short English words, in lower case; they are written in capitals."""

_EM = 64


@lru_cache(maxsize=256)
def text_coverage(text: str) -> UInt8[np.ndarray, "height width"]:
    """How much of each pixel the strokes cover, 0 to 255; cropped tightly, 64 pixels an em."""
    font = _font()
    left, top, right, bottom = font.getbbox(text, stroke_width=2)
    drawn = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(drawn).text((-left, -top), text, fill=255, font=font, stroke_width=2)
    return np.asarray(drawn.crop(drawn.getbbox()))


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_EM)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise MilanError("Pillow was built without FreeType, which writing needs: reinstall Pillow")
    return font
