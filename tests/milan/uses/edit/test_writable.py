import torch
from torch import nn

from milan.ablation import SetTo
from milan.networks import open_network
from milan.uses.edit.candidates import writable_layers


def without_biases() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.ReLU(), nn.Conv2d(4, 2, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )


def test_a_mean_asks_more_of_the_weights_than_zero_does() -> None:
    network = open_network(
        f"{__name__}:without_biases", size=(8, 8), mean=(0,) * 3, std=(1,) * 3, name="unbiased"
    )
    inputs = torch.rand(4, 3, 8, 8)
    assert writable_layers(network, ["1"], inputs, SetTo.ZERO) == {"1": None}
    why = writable_layers(network, ["1"], inputs, SetTo.MEAN)["1"]
    assert why is not None
    assert "no weights of the plain network do what this edit of 1 does" in why
