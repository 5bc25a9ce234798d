"""Accuracy against the number of units that are switched off."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool

from milan.ablation.images import TestImages, outcome
from milan.errors import BadSetting
from milan.networks import Network
from milan.records import UnitId, zeroed

__all__ = ["right_without"]


def right_without(
    network: Network,
    images: TestImages,
    order: Sequence[UnitId],
    counts: Sequence[int],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Bool[np.ndarray, "count image"]:
    """Which images are right with the first so many units of an order switched off together, for each count.

    The mean of a row is the accuracy; rows of one curve are of the same images, so that differences can be
    taken image by image. BadSetting for a count beyond the order."""
    if counts and max(counts) > len(order):
        raise BadSetting(f"asked to switch off {max(counts)} units of {len(order)}: ask for fewer")
    rows = []
    for done, count in enumerate(counts, start=1):
        rows.append(outcome(network, images, zeroed(order[:count])).right)
        if progress is not None:
            progress(done, len(counts))
    return np.stack(rows) if rows else np.zeros((0, len(images)), np.bool_)
