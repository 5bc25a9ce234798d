"""A small network that was trained on scenes, so that its units' meaning is known.

Its last convolution has one channel an output: a map of where the concept is seen. The logit is the
map's soft maximum, so exemplars and masks of those channels can be checked against the scenes' truth.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.scenes.classifier import WIDTHS, convolution_stages
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

_SHARPNESS = 2.0


class ScenesNetwork(nn.Module):
    """Six convolution stages and a map for each output; 231,000 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = convolution_stages()
        self.maps = nn.Conv2d(WIDTHS[-1], len(OUTPUTS), kernel_size=1)

    def forward(self, pictures: Float[Tensor, "picture 3 height width"]) -> Float[Tensor, "picture output"]:
        """Logit of each output; pictures are normalised with ImageNet's mean and deviation."""
        maps: Tensor = self.maps(self.stages(pictures)).flatten(2)
        return torch.logsumexp(maps * _SHARPNESS, dim=2) / _SHARPNESS


def scenes_network() -> ScenesNetwork:
    """Open the network with its shipped weights, in evaluation mode.

    Its spec is `milan.scenes.network:scenes_network`.
    """
    return with_weights(ScenesNetwork(), "scenes_network/model.safetensors")
