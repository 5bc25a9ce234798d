"""Small networks of every shape, wrapped as `open_network` would."""

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

from milan.networks import Network, Preprocessing

Wrap = Callable[..., Network]


class Tokens(nn.Module):
    """A transformer without attention: patches, a class token and registers in front, an MLP, a head."""

    def __init__(
        self, width: int = 12, patch: int = 8, n_prefix: int = 1, sequence_first: bool = False
    ) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, width, patch, patch)
        self.prefix = nn.Parameter(torch.full((1, n_prefix, width), 100.0))
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.act = nn.GELU()
        self.narrow = nn.Linear(4 * width, width)
        self.head = nn.Linear(width, 5)
        self.sequence_first = sequence_first

    def forward(self, inputs: Tensor) -> Tensor:
        patches = self.patch(inputs).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.prefix.expand(len(inputs), -1, -1), patches], 1)
        if self.sequence_first:
            tokens = tokens.transpose(0, 1)
        tokens = tokens + self.narrow(self.act(self.widen(self.norm(tokens))))
        return self.head(tokens.mean(0 if self.sequence_first else 1))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are slowed by threads, above all beside other tests."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tokens() -> type[Tokens]:
    """The class of token networks."""
    return Tokens


@pytest.fixture
def wrap() -> Wrap:
    """Makes a Network of a module, without a spec."""

    def make(module: nn.Module, size: tuple[int, int] = (32, 32), channels: int = 3) -> Network:
        preprocessing = Preprocessing.from_size(size, channels=channels)
        module = module.eval().requires_grad_(False)
        return Network("net", "nets:make", module, preprocessing, torch.device("cpu"))

    return make
