"""How much each unit matters: the network without it, image by image."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float32
from torch import Tensor

from milan.ablation.images import Outcome, TestImages, judged, outcome
from milan.ablation.levels import Levels
from milan.networks import Layer, Network, Resumed
from milan.networks.outputs import logits_of
from milan.records import Edit

__all__ = ["LayerScores", "score_units"]

_SIDE_BY_SIDE = 64
"""Units switched off in one batch: more are no faster on two cores, and take memory."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerScores:
    """The network with each unit of a layer switched off, alone."""

    layer: str
    right: Bool[np.ndarray, "unit image"]
    log_chance: Float32[np.ndarray, "unit image"]
    """Log of the chance given to the true class."""
    whole: Outcome
    """The network as it is."""

    @property
    def accuracy(self) -> Float32[np.ndarray, " unit"]:
        """Share of images that are right without the unit."""
        found: Float32[np.ndarray, " unit"] = self.right.mean(1, dtype=np.float32)
        return found

    @property
    def drop(self) -> Float32[np.ndarray, " unit"]:
        """Accuracy lost without the unit; below 0 where it is better without."""
        found: Float32[np.ndarray, " unit"] = np.float32(self.whole.right.mean()) - self.accuracy
        return found

    @property
    def evidence(self) -> Float32[np.ndarray, " unit"]:
        """Mean log chance of the true class that is lost without the unit, in nats: finer than accuracy."""
        found: Float32[np.ndarray, " unit"] = self.whole.log_chance.mean() - self.log_chance.mean(1)
        return found


def score_units(
    network: Network,
    images: TestImages,
    layers: Sequence[str],
    *,
    levels: Levels | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[LayerScores]:
    """Switch off each unit of some layers, alone, and run all images; units are held at zero, or at `levels`.

    Each image is read once up to a layer; from there it goes on with up to 64 units switched off side by
    side, so what lies before the layer costs nothing for all but one of them. A unit that is zero all over
    an image changes nothing there, and is not run. Predictions are those of switching units off one at a
    time; logits agree to rounding.
    """
    asked = [network.layer(name) for name in layers]
    if network.batch_size is not None:
        return [_one_at_a_time(network, images, layer, levels, progress) for layer in asked]
    n_images = len(images)
    scores = [_empty(layer, n_images) for layer in asked]
    for position, inputs in enumerate(images.inputs(network, 1)):
        labels = images.labels[position : position + 1]
        for layer, (right, log_chance, whole) in zip(asked, scores, strict=True):
            resumed = Resumed(network, layer, inputs)
            base = judged(logits_of(resumed.output), labels)
            whole.append(base)
            right[:, position], log_chance[:, position] = base.right[0], base.log_chance[0]
            active = _active(layer, resumed.emitted) if levels is None else list(range(layer.n_units))
            for start in range(0, len(active), _SIDE_BY_SIDE):
                units = active[start : start + _SIDE_BY_SIDE]
                logits = logits_of(resumed.forward([_alone(layer, unit, levels) for unit in units]))
                found = judged(logits, labels.repeat(len(units)))
                right[units, position], log_chance[units, position] = found.right, found.log_chance
        if progress is not None:
            progress(position + 1, n_images)
    return [
        LayerScores(layer.name, right, log_chance, _joined(whole))
        for layer, (right, log_chance, whole) in zip(asked, scores, strict=True)
    ]


def _one_at_a_time(
    network: Network,
    images: TestImages,
    layer: Layer,
    levels: Levels | None,
    progress: Callable[[int, int], None] | None,
) -> LayerScores:
    """For an exported program, which takes batches of one size only."""
    whole = outcome(network, images)
    found = []
    for unit in range(layer.n_units):
        found.append(outcome(network, images, _alone(layer, unit, levels)))
        if progress is not None:
            progress(unit + 1, layer.n_units)
    return LayerScores(
        layer.name, np.stack([one.right for one in found]), np.stack([one.log_chance for one in found]), whole
    )


_Scores = tuple[Bool[np.ndarray, "unit image"], Float32[np.ndarray, "unit image"], list[Outcome]]


def _empty(layer: Layer, n_images: int) -> _Scores:
    shape = (layer.n_units, n_images)
    return np.zeros(shape, np.bool_), np.zeros(shape, np.float32), []


def _alone(layer: Layer, unit: int, levels: Levels | None) -> list[Edit]:
    value = 0.0 if levels is None else float(levels[layer.name][unit])
    return [Edit.to_value(layer.name, [unit], value)]


def _active(layer: Layer, emitted: Tensor) -> list[int]:
    """Units that are not zero everywhere; directions are never left out, for what they read is no weight of
    theirs.
    """
    if layer.directions is not None:
        return list(range(layer.n_units))
    by_unit = emitted.movedim(layer.unit_axis, 0).flatten(1)
    return [int(unit) for unit in torch.nonzero(by_unit.ne(0).any(1)).flatten()]


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(*(np.concatenate(parts) for parts in zip(*outcomes, strict=True)))
