"""How strongly units respond to places in pictures, and whether that tells the pictures apart."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, UInt8
from sklearn.metrics import roc_auc_score
from torch import Tensor

from milan.networks import Layer, Network, record

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""
_BATCH = 50


class Peaks(NamedTuple):
    """The strongest activation of each unit in each picture: of each layer by name, [picture, unit]."""

    inside: dict[str, Float[np.ndarray, "picture unit"]]
    """Within the picture's boxes; minus infinity where it has none."""
    everywhere: dict[str, Float[np.ndarray, "picture unit"]]


@torch.inference_mode()
def peaks(
    network: Network,
    layers: Sequence[Layer],
    pictures: UInt8[np.ndarray, "picture height width 3"],
    boxes: Sequence[Sequence[Box]],
) -> Peaks:
    """Run all pictures once; boxes are those of each picture."""
    inside: dict[str, list[np.ndarray]] = defaultdict(list)
    everywhere: dict[str, list[np.ndarray]] = defaultdict(list)
    size = pictures.shape[1:3]
    at = 0

    def take(layer: Layer, maps: Tensor) -> None:
        for shown, own in zip(maps, boxes[at : at + _BATCH], strict=True):
            strongest = torch.full((layer.n_units,), -torch.inf)
            for box in own:
                rows, columns = cells(box, layer.grid, size)
                strongest = strongest.maximum(shown[:, rows, columns].amax(dim=(1, 2)))
            inside[layer.name].append(strongest.numpy())
        everywhere[layer.name].append(maps.amax(dim=(2, 3)).numpy().copy())

    with record(network, layers, take):
        for at in range(0, len(pictures), _BATCH):
            batch = [network.preprocessing.to_input(picture) for picture in pictures[at : at + _BATCH]]
            network.forward(torch.from_numpy(np.stack(batch)))
    return Peaks(
        {name: np.stack(rows) for name, rows in inside.items()},
        {name: np.concatenate(rows) for name, rows in everywhere.items()},
    )


def cells(box: Box, grid: tuple[int, int], size: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a layer's grid that a box touches, in a picture of some height and width."""
    x, y, width, height = box
    down, across = grid[0] / size[0], grid[1] / size[1]
    return (
        slice(int(y * down), int(np.ceil((y + height) * down))),
        slice(int(x * across), int(np.ceil((x + width) * across))),
    )


def area(positive: Float[np.ndarray, " picture"], negative: Float[np.ndarray, " other"]) -> float:
    """Chance that one of the first is above one of the second, ties half (area under the ROC curve)."""
    truth = np.repeat([1, 0], [len(positive), len(negative)])
    return float(roc_auc_score(truth, np.concatenate([positive, negative])))
