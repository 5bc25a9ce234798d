"""A network in which it is known what matters: three early units carry everything, and two of twelve later
ones; its catalog says so in words.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from milan.catalog import Catalog
from milan.exemplars import ExemplarSettings
from milan.networks import Network, open_network
from milan.records import Candidate, Description, UnitStatus
from milan.uses import DescribeOptions, describe_network

EARLY = (
    "a very long phrase of many words on red",
    "a very long phrase of many words on green",
    "a very long phrase of many words on blue",
)
RED, GREEN = "a red wall behind a man", "a green hill behind trees"


class Planted(nn.Module):
    """Units 3 and 7 of `late` see red and green and decide; all others see brightness."""

    def __init__(self) -> None:
        super().__init__()
        self.early = nn.Conv2d(3, 3, 1)
        self.late = nn.Conv2d(3, 12, 1)
        self.act = nn.ReLU()
        self.head = nn.Linear(12, 2, bias=False)
        self.early.weight.data = torch.eye(3)[:, :, None, None]
        weight = torch.full((12, 3), 0.3)
        weight[3], weight[7] = torch.tensor([1.0, -1, 0]), torch.tensor([-1.0, 1, 0])
        self.late.weight.data = weight[:, :, None, None]
        self.head.weight.data = torch.zeros(2, 12)
        self.head.weight.data[0, 3] = self.head.weight.data[1, 7] = 1
        for layer in (self.early, self.late):
            assert layer.bias is not None
            layer.bias.data.zero_()

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.act(self.late(self.early(x))).mean((2, 3)))


def planted() -> nn.Module:
    return Planted()


@pytest.fixture
def network() -> Network:
    return open_network(f"{__name__}:planted", size=(8, 8), mean=(0, 0, 0), std=(1, 1, 1), name="net")


@pytest.fixture(scope="session")
def val(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty reddish and eighty greenish pictures, named like the network's outputs."""
    folder = tmp_path_factory.mktemp("val")
    rng = np.random.default_rng(0)
    for name, channel in (("0", 0), ("1", 1)):
        (folder / name).mkdir()
        for index in range(80):
            pixels = rng.integers(0, 60, (8, 8, 3)).astype(np.uint8)
            pixels[:, :, channel] += np.uint8(rng.integers(5, 90))
            Image.fromarray(pixels).save(folder / name / f"{index}.png")
    return folder


@pytest.fixture
def empty_words(network: Network, val: Path, tmp_path: Path) -> Iterator[Catalog]:
    """A catalog with exemplars and no words."""
    options = DescribeOptions(
        captioner=None, layers=("early", "act"), exemplars=ExemplarSettings(k=3), limit=20
    )
    describe_network(network, val, tmp_path / "units.db", options)
    with Catalog.open(tmp_path / "units.db") as catalog:
        yield catalog


@pytest.fixture
def catalog(empty_words: Catalog) -> Catalog:
    late = ["a patch"] * 12
    late[3], late[7] = RED, GREEN
    for layer, phrases in (("early", EARLY), ("act", late)):
        version = empty_words.start_description("net", layer, {}, {})
        words = [
            Description(unit, UnitStatus.DESCRIBED, 0.2, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),))
            for unit, phrase in enumerate(phrases)
        ]
        empty_words.store_descriptions(version, words)
        empty_words.finish_description(version)
    return empty_words
