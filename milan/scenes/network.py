"""A small network that was trained on scenes, so that its units' meaning is known.

Its last convolution has one channel an output: a map of where the concept is seen. The logit is the
map's soft maximum, so exemplars and masks of those channels can be checked against the scenes' truth.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.scenes.shipped import with_weights

__all__ = ["OUTPUTS", "SIZE", "ScenesNetwork", "scenes_network"]

SIZE = 112
"""Height and width of the pictures it was trained on."""

OUTPUTS: tuple[str, ...] = (
    "emoji:red_apple", "emoji:banana", "emoji:dog_face", "emoji:cat_face", "emoji:automobile",
    "emoji:airplane", "emoji:deciduous_tree", "emoji:sunflower", "emoji:house", "emoji:grinning_face",
    "emoji:fish", "emoji:guitar",
    "shape:circle", "shape:square", "shape:triangle", "shape:star", "shape:heart",
    "texture:horizontal_stripes", "texture:vertical_stripes", "texture:polka_dots", "texture:checks",
    "background:sky", "background:grass",
    "word",
    "colour:red", "colour:yellow", "colour:green", "colour:blue", "colour:purple", "colour:pink",
    "colour:black", "colour:white",
)  # fmt: skip
"""What each output says is in the picture: a concept's key, any `word`, or an object of a colour."""

_WIDTHS = (16, 32, 64, 64, 96, 128)
_STRIDES = (2, 2, 2, 1, 2, 1)
_SHARPNESS = 2.0


class ScenesNetwork(nn.Module):
    """Six convolution stages and a map for each output; 231,000 parameters."""

    def __init__(self) -> None:
        super().__init__()
        n_inputs = (3, *_WIDTHS[:-1])
        self.stages = nn.Sequential(*map(_stage, n_inputs, _WIDTHS, _STRIDES))
        self.maps = nn.Conv2d(_WIDTHS[-1], len(OUTPUTS), kernel_size=1)

    def forward(self, pictures: Float[Tensor, "picture 3 height width"]) -> Float[Tensor, "picture output"]:
        """Logit of each output; pictures are normalised with ImageNet's mean and deviation."""
        maps: Tensor = self.maps(self.stages(pictures)).flatten(2)
        return torch.logsumexp(maps * _SHARPNESS, dim=2) / _SHARPNESS


def scenes_network() -> ScenesNetwork:
    """Open the network with its shipped weights, in evaluation mode.

    Its spec is `milan.scenes.network:scenes_network`.
    """
    return with_weights(ScenesNetwork(), "scenes_network/model.safetensors")


def _stage(n_in: int, n_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(),
    )
