"""Accuracy against the number of units that are switched off."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool

from milan.ablation.images import TestImages, judged, outcome
from milan.ablation.levels import Levels, switched_off
from milan.errors import BadSetting
from milan.networks import Network, Resumed
from milan.networks.outputs import logits_of
from milan.records import Edit, UnitId

__all__ = ["right_without"]

_SIDE_BY_SIDE = 64
"""Sets of units switched off in one batch."""


def right_without(
    network: Network,
    images: TestImages,
    order: Sequence[UnitId],
    counts: Sequence[int],
    *,
    levels: Levels | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Bool[np.ndarray, "count image"]:
    """Which images are right with the first so many units of an order switched off together, for each count.

    Units are held at zero, or at their `levels`.
    The mean of a row is the accuracy; rows of one curve are of the same images, so that differences can be
    taken image by image. Several counts go side by side from the earliest layer of the order on. BadSetting
    for a count beyond the order. `progress` is told counts done and in all.
    """
    if counts and max(counts) > len(order):
        raise BadSetting(f"asked to switch off {max(counts)} units of {len(order)}: ask for fewer")
    sets = [switched_off(order[:count], levels) for count in counts]
    tell = progress or (lambda done, total: None)
    first = _earliest(network, sets)
    if first is None or len(sets) < 3 or network.batch_size is not None:  # nothing to share
        rows = np.zeros((len(sets), len(images)), np.bool_)
        for place, edits in enumerate(sets):
            rows[place] = outcome(network, images, edits).right
            tell(place + 1, len(sets))
        return rows
    return _side_by_side(network, images, sets, first, tell)


def _side_by_side(
    network: Network,
    images: TestImages,
    sets: Sequence[Sequence[Edit]],
    first: str,
    tell: Callable[[int, int], None],
) -> Bool[np.ndarray, "set image"]:
    rows = np.zeros((len(sets), len(images)), np.bool_)
    layer, told = network.layer(first), 0
    for position, inputs in enumerate(images.inputs(network, 1)):
        resumed = Resumed(network, layer, inputs)
        labels = images.labels[position : position + 1]
        for start in range(0, len(sets), _SIDE_BY_SIDE):
            some = sets[start : start + _SIDE_BY_SIDE]
            logits = logits_of(resumed.forward(some))
            rows[start : start + len(some), position] = judged(logits, labels.repeat(len(some))).right
        done = (position + 1) * len(sets) // len(images)  # in counts, as a row by row run would tell it
        while told < done:
            told += 1
            tell(told, len(sets))
    return rows


def _earliest(network: Network, sets: Sequence[Sequence[Edit]]) -> str | None:
    """The layer of any edit that speaks first; None when there are no edits."""
    edited = {edit.layer for edits in sets for edit in edits}
    return next((layer.name for layer in network.layers() if layer.name in edited), None)
