"""Other drawings of the same emoji: what a captioner that learnt Twemoji has not seen.

Twemoji is flat and has no outlines. `redrawn` lays it out anew by another hand: few tones of shifted hue,
light from one side, ink around everything, and a wavering line. Every emoji has its own hand, by a hash of
its code points, so that the drawings are the same in every run. `drawings_in` takes a folder of pictures.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from PIL import Image

from milan.errors import DataError
from milan.scenes.drawing.cutouts import CutoutStyle, twemoji
from milan.scenes.planted.waver import wandering

__all__ = ["drawings_in", "redrawn"]

Rgba = UInt8[np.ndarray, "height width 4"]

_SIDE = 144
_TONES = 7
_TURN = 0.06  # of the colour wheel: a red stays red
_WAVER = 0.012  # of the side, so that boxes of anatomical parts still fit
_INK = np.array((38, 30, 48), np.float32)
_OPAQUE = 128


@cache
def redrawn(character: str) -> Rgba | None:
    """Another drawing of an emoji, 144x144 pixels, or None where Twemoji has none to start from."""
    known = twemoji(character)
    if known is None:
        return None
    rng = np.random.default_rng(list(hashlib.sha256(character.encode()).digest()[:8]))
    large = np.asarray(Image.fromarray(known).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS))
    large = large[wandering(_SIDE, _SIDE, _WAVER, rng)]
    solid = large[..., 3] >= _OPAQUE
    painted, tones = _posterised(large[..., :3], rng)
    painted = _lit(painted)
    ink = _borders(tones) & solid
    painted[ink] = painted[ink] * np.float32(0.45) + _INK * np.float32(0.55)
    painted[_rim(solid)] = _INK
    return np.dstack([painted.clip(0, 255).astype(np.uint8), large[..., 3]])


def drawings_in(folder: Path) -> CutoutStyle:
    """A style that takes PNG or WebP files named by code points, such as `1F34E.png` (OpenMoji, Noto).

    DataError for a folder without any.
    """
    files = {
        path.stem.lower().replace("emoji_u", "").replace("_", "-").replace("-fe0f", ""): path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".png", ".webp")
    }
    if not files:
        raise DataError(f"no drawings in {str(folder)!r}: looked for files such as 1F34E.png")

    @cache
    def drawn(character: str) -> Rgba | None:
        path = files.get("-".join(f"{ord(c):x}" for c in character if c != "\ufe0f"))
        if path is None:
            return None
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGBA"))

    return drawn


def _posterised(
    colours: UInt8[np.ndarray, "height width 3"], rng: np.random.Generator
) -> tuple[Float32[np.ndarray, "height width 3"], UInt8[np.ndarray, "height width"]]:
    """A few tones, the hue turned and the contrast softened; and which tone each pixel has."""
    few = Image.fromarray(colours).quantize(_TONES, method=Image.Quantize.MEDIANCUT)
    hue, saturation, value = few.convert("RGB").convert("HSV").split()
    turn = int(rng.uniform(-_TURN, _TURN) * 256)
    turned = Image.merge("HSV", (hue.point(lambda h: (h + turn) % 256), saturation, value)).convert("RGB")
    softened = np.asarray(turned, np.float32) * np.float32(0.8) + np.float32(0.2) * np.float32(
        rng.uniform(120, 220)
    )
    return softened, np.asarray(few)


def _lit(painted: Float32[np.ndarray, "height width 3"]) -> Float32[np.ndarray, "height width 3"]:
    """Light from the upper left."""
    height, width = painted.shape[:2]
    falling = np.linspace(1.15, 0.8, height, dtype=np.float32)[:, None]
    falling = falling + np.linspace(0.08, -0.08, width, dtype=np.float32)[None, :]
    lit: Float32[np.ndarray, "height width 3"] = painted * falling[..., None]
    return lit


def _borders(tones: UInt8[np.ndarray, "height width"]) -> Bool[np.ndarray, "height width"]:
    """Pixels whose right or lower neighbour has another tone."""
    found = np.zeros(tones.shape, np.bool_)
    found[:, :-1] |= tones[:, :-1] != tones[:, 1:]
    found[:-1] |= tones[:-1] != tones[1:]
    return found


def _rim(solid: Bool[np.ndarray, "height width"], thickness: int = 3) -> Bool[np.ndarray, "height width"]:
    """The outermost pixels of what is solid."""
    inner = np.pad(solid, thickness)
    core = solid.copy()
    height, width = solid.shape
    for down, right in ((0, 1), (2, 1), (1, 0), (1, 2)):
        row, column = down * thickness, right * thickness
        core &= inner[row : row + height, column : column + width]
    rim: Bool[np.ndarray, "height width"] = solid & ~core
    return rim
