"""A planted network of colour detectors and a folder of coloured patches."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from milan.networks import Network, Preprocessing


def colour_detectors() -> nn.Module:
    """Units 0, 1, 2: red, green, blue; unit 3 is dead; the second layer mixes them."""
    torch.manual_seed(0)
    first, second = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 5, 3, padding=1)
    with torch.no_grad():
        first.weight.zero_()
        first.bias.zero_()
        for unit in range(3):
            first.weight[unit, :, 1, 1] = -0.5
            first.weight[unit, unit, 1, 1] = 1.0
    return nn.Sequential(first, second).requires_grad_(False).eval()


@pytest.fixture
def network() -> Network:
    preprocessing = Preprocessing((32, 32), (32, 32), mean=(0, 0, 0), std=(1, 1, 1))
    return Network("colours", "tests:colours", colour_detectors(), preprocessing, torch.device("cpu"))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(24):
        draws = np.random.default_rng(seed)
        pixels = draws.integers(0, 120, (32, 32, 3), np.uint8)
        pixels[8:20, 8:20] = 0
        pixels[8:20, 8:20, seed % 3] = 180 + seed
        Image.fromarray(pixels).save(folder / f"{seed:02d}.png")
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cache = tmp_path / "cache"
    monkeypatch.setenv("MILAN_CACHE_DIR", str(cache))
    return cache
