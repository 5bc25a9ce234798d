import pytest
import torch
from torch import Tensor

from milan.networks import Network, open_network


@pytest.fixture(scope="session")
def resnet() -> Network:
    return open_network("timm:test_resnet", weights="random", size=(64, 64))


@pytest.fixture(scope="session")
def vit() -> Network:
    return open_network("timm:test_vit", weights="random")


@pytest.fixture(scope="session")
def mobilenet() -> Network:
    """Depthwise convolutions, norms behind each, sums, dropout, a linear head; norms are not the identity."""
    return _with_odd_norms(open_network("torchvision:mobilenet_v2", weights="random", size=(64, 64)))


@pytest.fixture(scope="session")
def densenet() -> Network:
    """Layers that are read by norms."""
    return _with_odd_norms(open_network("torchvision:densenet121", weights="random", size=(64, 64)))


@pytest.fixture
def pictures() -> Tensor:
    return torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(5))


def _with_odd_norms(network: Network) -> Network:
    """Norms that are no identity, and whose means and deviations fit: signals reach the outputs alive."""
    generator = torch.Generator().manual_seed(3)
    norms = [module for module in network.module.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
        norm.weight.data.copy_(0.5 + torch.rand(norm.num_features, generator=generator))
        norm.bias.data.copy_(torch.rand(norm.num_features, generator=generator) - 0.3)
    network.module.train()
    with torch.no_grad():
        network.module(torch.randn(16, 3, 64, 64, generator=generator))
    network.module.eval()
    return network
