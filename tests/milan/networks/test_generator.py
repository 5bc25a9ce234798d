"""Opening generators: what is told from the module, from its first pictures, and what is refused."""

import sys
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from milan.errors import DataError, NetworkError
from milan.networks import Generation, Latents, Network, open_generator, record

Open = Callable[..., Network]


class Decoder(nn.Module):
    """Six numbers to a picture of 16 x 16: a dense layer, two doublings, a convolution to colours."""

    def __init__(self, channels: int = 3, squash: Callable[[Tensor], Tensor] = torch.tanh) -> None:
        super().__init__()
        self.hidden = nn.Linear(6, 8 * 16)
        self.up = nn.Sequential(
            nn.ConvTranspose2d(8, 7, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(7, 5, 4, 2, 1),
            nn.ReLU(inplace=True),
        )
        self.colours = nn.Conv2d(5, channels, 3, padding=1)
        nn.init.normal_(self.colours.weight, std=1.0)
        self.squash = squash

    def forward(self, latents: Tensor) -> object:
        return self.squash(self.colours(self.up(torch.relu(self.hidden(latents)).view(-1, 8, 4, 4))))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a module by a factory's name, as a user's own is opened."""

    def open_it(module: nn.Module, latents: Latents | int = 20, **how: object) -> Network:
        home = ModuleType("generators_of_a_test")
        home.made = lambda: module  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, home.__name__, home)
        return open_generator(f"{home.__name__}:made", latents, **how)  # type: ignore[arg-type]

    return open_it


def source_of(network: Network) -> Generation:
    assert network.generation is not None
    return network.generation


def test_layers_are_found_and_the_picture_is_none_of_them(opened: Open) -> None:
    layers = {layer.name: layer for layer in opened(Decoder()).layers()}
    assert list(layers) == ["hidden", "up.0", "up.1", "up.2", "up.3", "up"]
    assert (layers["hidden"].grid, layers["hidden"].n_units) == ((1, 1), 128)
    assert (layers["up.2"].grid, layers["up.2"].n_units) == ((16, 16), 5)
    assert [name for name, layer in layers.items() if layer.worth_describing] == ["up"]


def test_the_shape_of_a_latent_comes_from_the_attribute_the_option_or_the_first_layer(opened: Open) -> None:
    assert source_of(opened(Decoder())).latents.shape == (6,)
    on_grid = nn.Sequential(nn.ConvTranspose2d(5, 3, 8), nn.Tanh())
    assert source_of(opened(on_grid)).latents.shape == (5, 1, 1)
    convolution = nn.Sequential(nn.Conv2d(4, 3, 3, padding=1), nn.Tanh())
    with pytest.raises(NetworkError, match="--latent-size"):
        opened(convolution)
    assert source_of(opened(convolution, latent_shape=(4, 8, 8))).picture_shape[1:] == (8, 8)
    convolution.latent_shape = (4, 6, 9)  # type: ignore[assignment]
    assert source_of(opened(convolution)).picture_shape[1:] == (6, 9)
    with pytest.raises(DataError, match=r"shape \(4, 8, 8\), .* takes \(4, 6, 9\)"):
        opened(convolution, Latents.drawn(2, (4, 8, 8), seed=0))


@pytest.mark.parametrize(
    ("squash", "black_and_white"), [(torch.tanh, (-1.0, 1.0)), (torch.sigmoid, (0.0, 1.0))]
)
def test_the_range_is_recognised_and_said(
    opened: Open, squash: Callable[[Tensor], Tensor], black_and_white: tuple[float, float]
) -> None:
    network = opened(Decoder(squash=squash))
    assert source_of(network).value_range == black_and_white
    assert f"black at {black_and_white[0]:g} and white at 1 (recognised" in network.notes[-1]


def test_a_range_that_cannot_be_recognised_is_asked_for_and_taken_from_the_module(opened: Open) -> None:
    module = Decoder(squash=lambda values: 127.5 + 127.5 * values.tanh())
    with pytest.raises(NetworkError, match="picture_range, such as"):
        opened(module)
    module.picture_range = (0, 255)  # type: ignore[assignment]
    network = opened(module)
    assert "its picture_range" in network.notes[-1]
    source = source_of(network)
    pictures = source.pictures(network.forward(source.latents.batch(0, 3)))
    assert (pictures.shape, pictures.dtype) == ((3, 16, 16, 3), np.uint8)
    emitted = module(source.latents.batch(0, 3)).numpy()
    np.testing.assert_array_equal(pictures, np.rint(emitted).astype(np.uint8).transpose(0, 2, 3, 1))


def test_grey_pictures_and_pictures_among_other_things_are_found(opened: Open) -> None:
    several = Decoder(1, squash=lambda maps: {"small": maps[:, :, ::2, ::2].tanh(), "sample": maps.tanh()})
    network = opened(several)
    assert source_of(network).picture_shape == (1, 16, 16)
    assert source_of(network).pictures(network.forward(source_of(network).latents.batch(0, 2))).shape == (
        2,
        16,
        16,
        1,
    )
    assert "sample" not in " ".join(layer.name for layer in network.layers())


class Restless(Decoder):
    def forward(self, latents: Tensor) -> object:
        return torch.tanh(super().forward(latents) + torch.randn(len(latents), 1, 16, 16))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("module", "latents", "said"),
    [
        (Decoder(), Latents.drawn(3, (7,), seed=0), r"cannot run on latents of \(7,\)"),
        (nn.Sequential(nn.Linear(6, 10)), 4, r"is no image generator: .* a tensor of \(4, 10\)"),
        (Decoder(4), 4, r"is no image generator"),
        (Decoder(squash=lambda maps: maps * float("nan")), 4, "not numbers"),
        (Decoder(squash=str), 4, "it returns str"),
        (Restless(), 4, "another picture of the same latent"),
    ],
)
def test_what_makes_no_pictures_of_these_latents_is_refused(
    opened: Open, module: nn.Module, latents: Latents | int, said: str
) -> None:
    with pytest.raises(NetworkError, match=said) as refused:
        opened(module, latents)
    assert "\n" not in str(refused.value)


def test_a_dense_layer_has_one_position_and_maps_have_many(opened: Open) -> None:
    network = opened(Decoder())
    shapes = {}
    layers = [network.layer("hidden"), network.layer("up.3")]
    with record(network, layers, lambda layer, maps: shapes.update({layer.name: tuple(maps.shape)})):
        network.forward(source_of(network).latents.batch(0, 4), stop_after=layers[-1])
    assert shapes == {"hidden": (4, 128, 1, 1), "up.3": (4, 5, 16, 16)}
