"""A folder that a user might stand in: a factory, pictures, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from milan.surfaces.cli import app

FACTORY = """
import torch
from torch import nn


def colours():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(6, 4, 3))


def broken():
    module = colours()
    with torch.no_grad():
        module[0].weight[1] = float("nan")
    return module
"""


class Folder:
    """Runs milan there and answers what it said."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def milan(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Folder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("MILAN_CATALOG", raising=False)
    module = f"own_{abs(hash(request.node.nodeid))}"  # each test imports a module of its own
    (tmp_path / f"{module}.py").write_text(FACTORY)
    (tmp_path / "photos").mkdir()
    for seed in range(9):
        pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{seed}.png")
    found = Folder(tmp_path)
    found.model = f"{module}:colours"  # type: ignore[attr-defined]
    found.broken_model = f"{module}:broken"  # type: ignore[attr-defined]
    return found
