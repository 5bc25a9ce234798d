"""A plain convolutional network that trains in minutes, and pictures as it takes them."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor, nn

__all__ = ["WIDTHS", "PictureClassifier", "convolution_stages", "input_card", "network_input"]

WIDTHS = (16, 32, 64, 64, 96, 128)
"""Units of each stage: 400 in all."""

_STRIDES = (2, 2, 2, 1, 2, 1)
_MEAN = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
_DEVIATION = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)


class PictureClassifier(nn.Module):
    """Six convolution stages, the mean over all positions, one linear layer; 230,000 parameters.

    Units are the channels of `stages.0` to `stages.5`.

    >>> PictureClassifier(10).classifier.out_features
    10
    """

    def __init__(self, n_classes: int) -> None:
        super().__init__()
        self.stages = convolution_stages()
        self.classifier = nn.Linear(WIDTHS[-1], n_classes)

    def forward(self, pictures: Float[Tensor, "picture 3 height width"]) -> Float[Tensor, "picture class"]:
        """Logit of each class; pictures are normalised with ImageNet's figures."""
        logits: Tensor = self.classifier(self.stages(pictures).mean(dim=(2, 3)))
        return logits


def convolution_stages() -> nn.Sequential:
    """Six stages of convolution, normalisation and rectifier: 3 channels to 128, a 16th of the size."""
    n_inputs = (3, *WIDTHS[:-1])
    return nn.Sequential(*map(_stage, n_inputs, WIDTHS, _STRIDES))


def network_input(
    pictures: UInt8[np.ndarray, "picture 3 height width"],
) -> Float32[Tensor, "picture 3 height width"]:
    """Normalise 8-bit pictures as networks on scenes expect them."""
    return (torch.from_numpy(np.ascontiguousarray(pictures)).float() / 255 - _MEAN) / _DEVIATION


def input_card(size: int) -> dict[str, Any]:
    """What a network's card says of its input: `size` pixels a side, and how they are normalised."""
    return {"size": size, "mean": _MEAN.flatten().tolist(), "deviation": _DEVIATION.flatten().tolist()}


def _stage(n_in: int, n_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(),
    )
