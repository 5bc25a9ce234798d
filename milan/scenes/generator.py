"""A small image generator that draws scenes, so that `milan describe --latents` can be tried.

A decoder from a latent to a picture, taught by regression as in Dosovitskiy et al., *Learning to Generate
Chairs with Convolutional Neural Networks* (CVPR 2015): we chose what each value of a latent means
(`milan.scenes.latents`), so any standard normal latent makes a scene.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.scenes.latents import LATENT_SIZE, PLACES, SCALE, THINGS
from milan.scenes.shipped import with_weights

__all__ = ["ScenesGenerator", "scenes_generator"]

_SHARPNESS = 8.0
_OCTAVES = 3
_GRID = 16
_HIDDEN = 128
_WIDTH = 64


class ScenesGenerator(nn.Module):
    """A dense layer over what is chosen, two stages on a grid of 16, one that doubles it, and colours.

    `hidden` has 128 units; `stages.0` and `stages.1` emit 64 channels, `stages.2` 48 on a grid of 32.
    """

    latent_shape = (LATENT_SIZE,)
    picture_range = (-1.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.reading = _Reading()
        self.hidden = nn.Sequential(nn.Linear(len(THINGS) + len(PLACES), _HIDDEN), nn.ReLU())
        self.stages = nn.Sequential(
            _stage(nn.Conv2d(_HIDDEN + self.reading.n_waves, _WIDTH, 1, bias=False)),
            _stage(nn.Conv2d(_WIDTH, _WIDTH, 3, padding=1, bias=False)),
            _stage(nn.ConvTranspose2d(_WIDTH, 48, 4, stride=2, padding=1, bias=False)),
        )
        self.colours = nn.Sequential(nn.Conv2d(48, 3 * 2**2, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, latents: Float[Tensor, "latent value"]) -> Float[Tensor, "latent 3 height width"]:
        """RGB between -1 and 1."""
        read = self.reading(latents)
        everywhere = self.hidden(read.choices)[:, :, None, None].expand(-1, -1, _GRID, _GRID)
        return torch.tanh(self.colours(self.stages(torch.cat([everywhere, read.waves], dim=1))))


class _Read(NamedTuple):
    choices: Float[Tensor, "latent choice"]
    """How much of each thing and place there is: nearly all of one."""
    waves: Float[Tensor, "latent wave height width"]
    """Sines and cosines of each position, seen from the picture's left, its top and the thing's centre."""


class _Reading(nn.Module):
    """What a latent means, without weights: soft choices, and positions as place and thing see them."""

    n_waves = 4 * 2 * _OCTAVES

    def forward(self, latents: Float[Tensor, "latent value"]) -> _Read:
        thing, place, where = torch.split(latents, [len(THINGS), len(PLACES), 4], dim=1)
        choices = torch.cat([(part * _SHARPNESS).softmax(dim=1) for part in (thing, place)], dim=1)
        right, down, large, look = torch.special.ndtr(where)[:, :, None, None].unbind(dim=1)
        size = SCALE[0] + large * (SCALE[1] - SCALE[0])
        axis = (torch.arange(_GRID, device=latents.device) + 0.5) / _GRID
        x, y = axis.expand(len(latents), _GRID, _GRID), axis[:, None].expand(len(latents), _GRID, _GRID)
        seen = (
            (x + look / 2) / 1.5,  # a picture shows 64 of the place's 96 columns
            y,
            ((x - right * (1 - size)) / size).clamp(-0.5, 1.5) - 0.5,
            ((y - down * (1 - size)) / size).clamp(-0.5, 1.5) - 0.5,
        )
        turns = [torch.pi * 2**octave * position for position in seen for octave in range(_OCTAVES)]
        return _Read(
            choices, torch.stack([wave(turn) for turn in turns for wave in (torch.sin, torch.cos)], 1)
        )


def scenes_generator() -> ScenesGenerator:
    """Open the generator with its shipped weights, in evaluation mode.

    Its spec is `milan.scenes.generator:scenes_generator`.
    """
    return with_weights(ScenesGenerator(), "scenes_generator/model.safetensors")


def _stage(convolution: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU())
