"""Which half of a thing a unit responds to: what lies beside its regions tells.

Features averaged under a mask do not tell a left half from a right one. But a region that is the left half of
a clock has the rest of the clock on its right, and something else on its left; one that is a whole clock has
a clock on neither.
"""

import warnings

import numpy as np
from jaxtyping import Float32

from captioner.protocols import Masks

__all__ = ["OPPOSITE", "half_of", "neighbours"]

OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
"""The sides, and what lies across."""
_INSIDE = 0.3
"""Share of a region's area that its neighbour must have within the picture to be looked at."""
_FEWEST = 8
"""Regions with a neighbour on a side."""
_CONTINUES = 0.08
"""Root chance, averaged over regions, from which a neighbour shows more of the thing.

Beside whole things it is under .01, beside halves .09 to .5 (docs/planted.md).
"""


def neighbours(mask: Float32[np.ndarray, "row column"]) -> Masks:
    """The mask moved by its own width or height to each side of `OPPOSITE`, less itself.

    All 0 where too little of it would lie within the picture.
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    found = np.zeros((len(OPPOSITE), *mask.shape), np.float32)
    if len(rows) == 0:
        return found
    height, width = int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)
    moves = {"left": (0, -width), "right": (0, width), "top": (-height, 0), "bottom": (height, 0)}
    for number, side in enumerate(OPPOSITE):
        moved = _moved(mask, *moves[side]) * (1 - mask)
        if moved.sum() >= _INSIDE * mask.sum():
            found[number] = moved
    return found


def half_of(shown: Float32[np.ndarray, "region side"]) -> str | None:
    """The half of a thing that regions are, by how present it is beside each; None for a whole thing.

    `shown` holds root chances, not-a-number where a region has no neighbour. A thing that goes on to both
    sides is a texture or many things.
    """
    many = np.isfinite(shown).sum(0) >= _FEWEST
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a side on which no region has a neighbour
        mean = dict(zip(OPPOSITE, np.nan_to_num(np.nanmean(shown, 0)).tolist(), strict=True))
    counted = dict(zip(OPPOSITE, many.tolist(), strict=True))
    rest = max((side for side in OPPOSITE if counted[side]), key=lambda side: mean[side], default=None)
    if rest is None or mean[rest] < max(_CONTINUES, 2 * mean[OPPOSITE[rest]]):
        return None
    return OPPOSITE[rest]


def _moved(
    mask: Float32[np.ndarray, "row column"], down: int, across: int
) -> Float32[np.ndarray, "row column"]:
    """Moved by whole cells; what leaves the grid is lost."""
    height, width = mask.shape
    found = np.zeros_like(mask)
    found[max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)] = mask[
        max(0, -down) : height + min(0, -down), max(0, -across) : width + min(0, -across)
    ]
    return found
