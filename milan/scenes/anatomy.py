"""Where the parts of some emoji lie, on Twemoji's 36x36 grid.

A part is the share of the cut-out inside its box (x, y, width, height). Sides are the viewer's:
drawn mirrored, boxes are mirrored and `left` and `right` change places.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ANATOMY", "GRID", "mirrored_part"]

GRID = 36
"""Cells along each side of the grid that boxes are given on."""

PartBox = tuple[float, float, float, float]

ANATOMY: Mapping[str, Mapping[str, PartBox]] = MappingProxyType({})
"""Concept key to part to box."""


def mirrored_part(part: str, box: PartBox) -> tuple[str, PartBox]:
    """The same part of the mirrored drawing.

    >>> mirrored_part("left ear", (2, 0, 8, 10))
    ('right ear', (26, 0, 8, 10))
    """
    swapped = {"left": "right", "right": "left"}
    words = [swapped.get(word, word) for word in part.split()]
    x, y, width, height = box
    return " ".join(words), (GRID - x - width, y, width, height)
