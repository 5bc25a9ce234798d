"""Named colours: what they look like, and how a picture's main colour is named."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import UInt8

__all__ = ["COLOURS", "jittered", "main_colour"]

COLOURS: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        "red": (214, 40, 40),
        "orange": (245, 134, 32),
        "yellow": (250, 214, 51),
        "green": (60, 160, 70),
        "turquoise": (48, 190, 185),
        "blue": (45, 100, 215),
        "purple": (130, 70, 175),
        "pink": (244, 140, 180),
        "brown": (122, 80, 48),
        "black": (28, 28, 30),
        "grey": (135, 138, 142),
        "white": (246, 246, 244),
    }
)
"""The twelve colours of scenes, as RGB."""

_NAMES = tuple(COLOURS)
_TABLE = np.array(list(COLOURS.values()), dtype=np.float32)
_JITTER = 14


def jittered(name: str, rng: np.random.Generator) -> UInt8[np.ndarray, "3"]:
    """A shade of a named colour that still deserves the name."""
    shade = _TABLE[_NAMES.index(name)] + rng.uniform(-_JITTER, _JITTER, 3)
    painted: UInt8[np.ndarray, "3"] = np.clip(shade, 0, 255).astype(np.uint8)
    return painted


def main_colour(picture: UInt8[np.ndarray, "height width 4"]) -> str:
    """Name the colour that covers most of a cut-out's opaque pixels."""
    opaque = picture[picture[..., 3] >= 128][:, :3].astype(np.float32)
    if not len(opaque):
        return "white"
    distances = ((opaque[:, None, :] - _TABLE[None]) ** 2).sum(axis=2)
    return _NAMES[int(np.bincount(distances.argmin(axis=1)).argmax())]
