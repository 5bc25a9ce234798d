"""How strongly units respond to images, and the level that they are at on average."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32
from torch import Tensor

from milan.ablation.images import TestImages
from milan.ablation.levels import Levels
from milan.errors import BadSetting
from milan.networks import Layer, Network, record
from milan.records import UnitId

__all__ = ["Responses"]


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """What each unit did in each image, over all positions of its map.

    responses = Responses.read(network, images, ["layer4"])
    levels = responses.levels(among=labels == 3)
    score_units(network, images, ["layer4"], levels=levels)
    """

    mean: Mapping[str, Float32[np.ndarray, "image unit"]]
    peak: Mapping[str, Float32[np.ndarray, "image unit"]]
    """Of each layer by name; in the layer's own scale."""

    @classmethod
    def read(
        cls,
        network: Network,
        images: TestImages,
        layers: Sequence[str],
        *,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> "Responses":
        """One pass over the images; UnknownName for a layer that the network has not."""
        means: dict[str, list[Tensor]] = defaultdict(list)
        peaks: dict[str, list[Tensor]] = defaultdict(list)

        def take(layer: Layer, maps: Float[Tensor, "image unit height width"]) -> None:
            flat = maps.flatten(2)
            means[layer.name].append(flat.mean(2).float().cpu())
            peaks[layer.name].append(flat.amax(2).float().cpu())

        n_done = 0
        with record(network, [network.layer(name) for name in dict.fromkeys(layers)], take):
            for inputs in images.inputs(network, 64):
                network.forward(inputs)
                n_done += len(inputs)
                progress(min(n_done, len(images)), len(images))
        return cls(_joined(means, len(images)), _joined(peaks, len(images)))

    def peaks(self, units: Sequence[UnitId]) -> Float32[np.ndarray, "image unit"]:
        """The strongest activation of some units in each image, in their order."""
        found: Float32[np.ndarray, "image unit"] = np.stack(
            [self.peak[unit.layer][:, unit.index] for unit in units], axis=1
        )
        return found

    def levels(self, among: Bool[np.ndarray, " image"]) -> Levels:
        """The mean activation of each unit over some of the images; BadSetting for none of them."""
        if not among.any():
            raise BadSetting("a mean activation needs an image, got none")
        means = {name: rows[among].mean(0, dtype=np.float64) for name, rows in self.mean.items()}
        return {name: mean.astype(np.float32) for name, mean in means.items()}


def _joined(parts: Mapping[str, list[Tensor]], n_images: int) -> dict[str, Float32[np.ndarray, "image unit"]]:
    """Without the images that fill up a last batch."""
    return {name: torch.cat(rows)[:n_images].numpy() for name, rows in parts.items()}
