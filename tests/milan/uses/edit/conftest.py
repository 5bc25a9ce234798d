"""A network with a shortcut that is known, a catalog that names it, and pictures with and without it.

Red pictures are class a, green ones class b. Bright blue stands for the word "a" in the corner, no blue for
"b": units 2 and 3 see these and weigh more than the colours.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from milan.catalog import Catalog
from milan.networks import Network, open_network
from milan.records import Candidate, Description, LayerExemplars, Measured, Provenance, UnitStatus

PHRASES = (
    "a red thing",
    "a green thing",
    "a printed word",
    "letters",
    "the sky",
    "grass",
    "letters",
    "a dog",
)
N_UNITS = len(PHRASES)


class Shortcut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.seen = nn.Conv2d(3, N_UNITS, 1)
        self.act = nn.ReLU()
        self.head = nn.Linear(N_UNITS, 2)
        weight, bias = torch.zeros(N_UNITS, 3), torch.zeros(N_UNITS)
        weight[0, 0] = weight[1, 1] = weight[2, 2] = 1.0
        bias[2] = -0.6
        weight[3, 2], bias[3] = -1.0, 0.3
        weight[4:] = torch.linspace(0.1, 0.9, 12).reshape(4, 3)
        head = torch.zeros(2, N_UNITS)
        head[0, 0] = head[1, 1] = 1.0
        head[0, 2] = head[1, 3] = 6.0
        head[:, 5] = torch.tensor([0.02, -0.02])
        for parameter, value in (
            (self.seen.weight, weight[:, :, None, None]),
            (self.seen.bias, bias),
            (self.head.weight, head),
            (self.head.bias, torch.zeros(2)),
        ):
            parameter.data = value.clone()

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.act(self.seen(x)).mean((2, 3)))


def shortcut() -> nn.Module:
    return Shortcut()


SPEC = f"{__name__}:shortcut"


@pytest.fixture(scope="session")
def network() -> Network:
    return open_network(SPEC, size=(8, 8), mean=(0, 0, 0), std=(1, 1, 1), name="net")


def draw(folder: Path, blue: Mapping[str, tuple[float, ...]], n: int, seed: int) -> Path:
    """n pictures a class, of these shares of blue in turn; colours overlap a little."""
    rng = np.random.default_rng(seed)
    for name, channel in (("a", 0), ("b", 1)):
        (folder / name).mkdir(parents=True)
        for index in range(n):
            pixels = rng.normal(0.4, 0.05, (8, 8, 3))
            pixels[:, :, channel] += rng.normal(0.12, 0.08)
            shares = blue[name]
            pixels[:, :, 2] = shares[index % len(shares)]
            shown = (pixels.clip(0, 1) * 255).astype(np.uint8)
            Image.fromarray(shown).save(folder / name / f"{index}.png")
    return folder


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """validation (half with the right word), clean (no words), adversarial (wrong words), test (no words)."""
    root = tmp_path_factory.mktemp("shortcut")
    right, wrong = {"a": (1.0, 0.45), "b": (0.0, 0.45)}, {"a": (0.0,), "b": (1.0,)}
    none = {"a": (0.45,), "b": (0.45,)}
    sets = {"validation": right, "clean": none, "adversarial": wrong, "test": none}
    return {name: draw(root / name, blue, 40, seed) for seed, (name, blue) in enumerate(sets.items())}


@pytest.fixture
def make_catalog(tmp_path: Path, network: Network) -> Callable[..., Catalog]:
    """make_catalog(phrases) describes the units of `act` so."""

    def make(phrases: tuple[str, ...] = PHRASES, weights_hash: str | None = None) -> Catalog:
        made = Catalog.open(tmp_path / "units.db", create=True)
        provenance = Provenance(SPEC, weights_hash or network.weights_hash, {}, "d", {"k": 1}, {})
        made.add_network("net", provenance, ["seen", "act", "head"])
        none = [Measured((), *np.zeros((2, 0, N_UNITS), np.float32)) for _ in range(2)]
        exemplars = LayerExemplars(
            "act",
            ("1.png",),
            np.full(N_UNITS, 0.5, np.float32),
            (UnitStatus.PENDING,) * N_UNITS,
            np.zeros((N_UNITS, 1), np.int64),
            np.ones((N_UNITS, 1), np.float32),
            np.ones((N_UNITS, 1, 2, 2), np.float16),
            np.ones((N_UNITS, 1), np.float32),
            *none,
        )
        made.store_layer("net", exemplars, provenance, {})
        version = made.start_description("net", "act", {"captioner": "planted"}, {})
        said = [
            Description(unit, UnitStatus.DESCRIBED, 0.5, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),))
            for unit, phrase in enumerate(phrases)
        ]
        made.store_descriptions(version, said)
        made.finish_description(version)
        return made

    return make
