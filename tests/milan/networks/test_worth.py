"""Which layers are chosen when nobody says."""

from collections.abc import Callable

import pytest
import torchvision
from torch import nn

from milan.networks import Network
from milan.networks import open_network as open_

Wrap = Callable[..., Network]


def chosen(network: Network) -> list[str]:
    return [layer.name for layer in network.layers() if layer.worth_describing]


def test_the_ends_of_resnets_stages_and_its_classifier() -> None:
    network = open_("torchvision:resnet18", weights="random", size=(64, 64))
    assert chosen(network) == ["bn1", "layer1", "layer2", "layer3", "layer4", "fc"]


def test_efficientnets_stages_last_features_and_classifier() -> None:
    network = open_("builtin:efficientnet-lite0", weights="random")
    assert chosen(network) == ["bn1", *(f"blocks.{stage}" for stage in range(7)), "bn2", "classifier"]


def test_the_last_convolution_before_each_pooling_and_all_dense_layers_of_a_plain_network(wrap: Wrap) -> None:
    def block(before: int, after: int) -> list[nn.Module]:
        return [
            nn.Conv2d(before, after, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(after, after, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        ]

    features = nn.Sequential(*block(3, 4), *block(4, 8), *block(8, 8))
    head = nn.Sequential(nn.Flatten(), nn.Linear(128, 16), nn.ReLU(), nn.Linear(16, 3))
    network = wrap(nn.Sequential(features, head))
    assert chosen(network) == ["0.2", "0.7", "0.12", "1.1", "1.3"]


def test_the_hidden_values_of_a_transformer_not_its_residual_stream(
    wrap: Wrap, tokens: type[nn.Module]
) -> None:
    assert chosen(wrap(tokens())) == ["patch", "widen", "head"]


def test_squeeze_and_excite_is_not_taken_for_an_output(wrap: Wrap) -> None:
    class Squeeze(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3)
            self.squeeze = nn.Linear(8, 2)
            self.excite = nn.Linear(2, 8)
            self.last = nn.Conv2d(8, 9, 3)
            self.head = nn.Linear(9, 4)

        def forward(self, inputs):  # type: ignore[no-untyped-def]
            maps = self.conv(inputs)
            gates = self.excite(self.squeeze(maps.mean((2, 3))).relu()).sigmoid()
            return self.head(self.last(maps * gates[:, :, None, None]).mean((2, 3)))

    assert chosen(wrap(Squeeze())) == ["conv", "last", "head"]


@pytest.mark.parametrize("name", ["squeezenet1_1", "mobilenet_v2", "shufflenet_v2_x0_5"])
def test_between_five_and_thirty_places_of_real_architectures(wrap: Wrap, name: str) -> None:
    network = wrap(torchvision.models.get_model(name, weights=None), size=(64, 64))
    places = chosen(network)
    assert 5 <= len(places) <= 30
    assert network.layer(places[-1]).n_units == 1000, "the classifier's outputs"
