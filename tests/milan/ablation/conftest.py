import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from milan.ablation import TestImages, n_outputs_of
from milan.datasets import LabelledImages
from milan.networks import Network, open_network


class RedOrGreen(nn.Module):
    """Units 0 and 1 of `colour` see red and green; the output follows them. Unit 2 sees nothing, unit 3
    both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.colour = nn.Conv2d(3, 4, 1)
        self.act = nn.ReLU()
        self.head = nn.Linear(4, 2, bias=False)
        weight = torch.tensor([[1.0, -1, 0], [-1, 1, 0], [0, 0, 0], [1, 1, 0]])
        self.colour.weight.data = weight[:, :, None, None]
        self.colour.bias.data.zero_()
        self.head.weight.data = torch.tensor([[1.0, 0, 5, 0.1], [0, 1.0, 5, 0.1]])

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.act(self.colour(x)).mean((2, 3)))


def red_or_green() -> nn.Module:
    return RedOrGreen()


@pytest.fixture(scope="session")
def network() -> Network:
    return open_network(f"{__name__}:red_or_green", size=(8, 8), mean=(0, 0, 0), std=(1, 1, 1), name="net")


@pytest.fixture(scope="session")
def images(network: Network, tmp_path_factory: pytest.TempPathFactory) -> TestImages:
    """Six reddish and four greenish pictures."""
    folder = tmp_path_factory.mktemp("labelled")
    rng = np.random.default_rng(0)
    for name, channel, n in (("a_red", 0, 6), ("b_green", 1, 4)):
        (folder / name).mkdir()
        for index in range(n):
            pixels = rng.integers(0, 60, (8, 8, 3)).astype(np.uint8)
            pixels[:, :, channel] += 120
            Image.fromarray(pixels).save(folder / name / f"{index}.png")
    return TestImages.read(network, LabelledImages.read(folder, n_outputs_of(network)))
