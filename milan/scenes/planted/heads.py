"""Units by training: maps of known masks, read off the frozen features of the small scenes network.

Units by construction are perfect; these see pixels and err as units of real networks do. A head is one
linear map of 128 features, fitted in closed form. What the features do not tell is left out, so that a unit's
meaning stays known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Float16, Float32, Float64, UInt8
from torch import Tensor, nn

from milan.scenes.network import SIZE, scenes_network

__all__ = ["LEAST_AUC", "MEAN", "STD", "FittedHeads", "SceneHeads", "fit_heads"]

LEAST_AUC = 0.9
"""A head is kept when it tells cells of its mask from others so well, in scenes that it was not fitted on."""
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""What pictures are normalised with."""
_HELD_OUT = 3  # one scene in so many
_RIDGE = 1e-3  # of the features' mean variance
_BATCH = 32
_COVERED = 0.5  # of a cell, to belong to the mask


class SceneHeads(nn.Module):
    """The scenes network's stages with one 1x1 convolution on top, `heads`: a channel a unit."""

    def __init__(self, n_units: int) -> None:
        super().__init__()
        self.stages = scenes_network().stages
        self.heads = nn.Conv2d(_n_features(self.stages), n_units, kernel_size=1)

    def features(self, pictures: Float[Tensor, "image 3 height width"]) -> Tensor:
        """What the heads read; pictures are brought to the size that the stages were trained on."""
        small = F.adaptive_avg_pool2d(pictures, SIZE)
        found: Tensor = self.stages(small)
        return found

    def forward(
        self, pictures: Float[Tensor, "image 3 height width"]
    ) -> Float[Tensor, "image unit row column"]:
        """Maps of all units."""
        maps: Tensor = self.heads(self.features(pictures))
        return maps


@dataclass(frozen=True, slots=True, eq=False)
class FittedHeads:
    """Heads worth describing."""

    module: SceneHeads
    kept: tuple[int, ...]
    """Which of the given signals each channel follows."""
    aucs: tuple[float, ...]
    """How well each does in held-out scenes; at least `LEAST_AUC`."""


def fit_heads(
    pictures: Sequence[UInt8[np.ndarray, "height width 3"]],
    signals: Float16[np.ndarray, "image unit row column"],
) -> FittedHeads:
    """Fit a head to each signal by ridge regression over all cells of two thirds of the pictures."""
    network = SceneHeads(signals.shape[1]).eval().requires_grad_(False)
    features = _read(network, pictures)
    masks = _pooled(signals, features.shape[2])
    held_out = np.arange(len(pictures)) % _HELD_OUT == 0
    weights, bias = _ridge(_cells(features[~held_out]), _cells(masks[~held_out]))
    predicted = _cells(features[held_out]) @ weights + bias
    aucs = [_auc(truth, own) for truth, own in zip(_cells(masks[held_out]).T, predicted.T, strict=True)]
    kept = tuple(unit for unit, auc in enumerate(aucs) if auc >= LEAST_AUC)
    module = SceneHeads(max(1, len(kept))).eval().requires_grad_(False)
    if kept:
        own = {"weight": weights[:, kept].T[..., None, None], "bias": bias[list(kept)]}
        module.heads.load_state_dict({name: torch.from_numpy(value).float() for name, value in own.items()})
    return FittedHeads(module, kept, tuple(aucs[unit] for unit in kept))


def _n_features(stages: nn.Module) -> int:
    return next(part.out_channels for part in reversed(list(stages.modules())) if isinstance(part, nn.Conv2d))


@torch.inference_mode()
def _read(
    network: SceneHeads, pictures: Sequence[UInt8[np.ndarray, "height width 3"]]
) -> Float32[np.ndarray, "image feature row column"]:
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
    found = []
    for start in range(0, len(pictures), _BATCH):
        batch = torch.from_numpy(np.stack(pictures[start : start + _BATCH])).permute(0, 3, 1, 2)
        found.append(network.features((batch.float() / 255 - mean) / std).numpy())
    return np.concatenate(found)


def _pooled(
    signals: Float16[np.ndarray, "image unit row column"], side: int
) -> Float32[np.ndarray, "image unit row column"]:
    pooled: Float32[np.ndarray, "image unit row column"] = F.adaptive_avg_pool2d(
        torch.from_numpy(signals.astype(np.float32)), side
    ).numpy()
    return pooled


def _cells(maps: Float32[np.ndarray, "image channel row column"]) -> Float32[np.ndarray, "cell channel"]:
    return np.moveaxis(maps, 1, -1).reshape(-1, maps.shape[1])


def _ridge(
    x: Float32[np.ndarray, "cell feature"], y: Float32[np.ndarray, "cell unit"]
) -> tuple[Float64[np.ndarray, "feature unit"], Float64[np.ndarray, " unit"]]:
    x_mean, y_mean = x.mean(0, dtype=np.float64), y.mean(0, dtype=np.float64)
    centred = x - x_mean
    square = centred.T @ centred
    square[np.diag_indices(len(square))] += _RIDGE * np.trace(square) / len(square)
    weights: Float64[np.ndarray, "feature unit"] = np.linalg.solve(square, centred.T @ (y - y_mean))
    return weights, y_mean - x_mean @ weights


def _auc(truth: Float32[np.ndarray, " cell"], predicted: Float64[np.ndarray, " cell"]) -> float:
    from sklearn.metrics import roc_auc_score  # seconds to import, for heads alone

    covered = truth >= _COVERED
    if covered.all() or not covered.any():
        return 0.0
    return float(roc_auc_score(covered, predicted))
