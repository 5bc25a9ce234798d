"""A tiny network with planted filters, and pictures that drive them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from milan.networks import Network, Preprocessing

PLANTED = {"red": 0, "green": 1, "blue": 2, "dead": 3, "never_positive": 4}
"""Units of the planted network's first layer."""


def planted_module() -> nn.Module:
    """Two convolutions: colour detectors with a dead and a never positive unit, then their mixtures."""
    torch.manual_seed(1)
    first, second = nn.Conv2d(3, 5, 3, padding=1), nn.Conv2d(5, 6, 3, stride=2, padding=1)
    with torch.no_grad():
        first.weight.zero_()
        first.bias.zero_()
        for unit in range(3):
            first.weight[unit, :, 1, 1] = -0.5
            first.weight[unit, unit, 1, 1] = 1.0
        first.bias[3] = 0.25
        first.weight[4, :, 1, 1] = -1.0
        first.bias[4] = -0.125
    return nn.Sequential(first, nn.ReLU(inplace=True), second)


def network_of(module: nn.Module, size: int = 40) -> Network:
    module = module.requires_grad_(False).eval()
    preprocessing = Preprocessing((size, size), (size, size), mean=(0, 0, 0), std=(1, 1, 1))
    return Network("planted", "tests:planted", module, preprocessing, torch.device("cpu"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small only wait for a second thread; and arithmetic is then alike in every process."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def network() -> Network:
    return network_of(planted_module())


def save_picture(path: Path, seed: int) -> None:
    """Noise with one patch of a clear colour: red, green or blue by seed."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 200, (40, 40, 3), np.uint8)
    row, column = rng.integers(0, 32, 2)
    pixels[row : row + 8, column : column + 8] = 0
    pixels[row : row + 8, column : column + 8, seed % 3] = 200 + seed % 50
    Image.fromarray(pixels).save(path)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(30):
        save_picture(folder / f"{seed:03}.png", seed)
    return folder
