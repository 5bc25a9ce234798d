"""Listening inside the forward pass."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from milan.errors import NetworkError
from milan.networks import Layer, Network, record


@pytest.fixture
def conv(wrap: Callable[..., Network]) -> Network:
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(6 * 28 * 28, 2)
    )
    return wrap(layers)


def n_hooks(network: Network) -> int:
    return sum(len(part._forward_hooks) + len(part._forward_pre_hooks) for part in network.module.modules())


def listen(
    network: Network, names: list[str], inputs: Tensor, stop_after: str | None = None
) -> dict[str, Tensor]:
    heard: dict[str, Tensor] = {}
    chosen = [network.layer(name) for name in names]
    last = network.layer(stop_after) if stop_after else None
    with record(network, chosen, lambda layer, maps: heard.__setitem__(layer.name, maps.clone())):
        network.forward(inputs, stop_after=last)
    return heard


def test_an_in_place_relu_behind_a_layer_changes_nothing(conv: Network) -> None:
    inputs = torch.randn(2, 3, 32, 32)
    heard = listen(conv, ["0", "1"], inputs)
    before = conv.module.get_submodule("0")(inputs)
    assert torch.equal(heard["0"], before)
    assert torch.equal(heard["1"], before.relu())
    assert (heard["0"] < 0).any()


def test_activations_arrive_without_a_copy(conv: Network) -> None:
    emitted: list[int] = []
    conv.module.get_submodule("2").register_forward_hook(
        lambda _, __, output: emitted.append(output.data_ptr())
    )
    taken: list[int] = []
    with record(conv, [conv.layer("2")], lambda _, maps: taken.append(maps.data_ptr())):
        conv.forward(torch.randn(2, 3, 32, 32))
    assert taken == emitted[-1:]


def test_hooks_are_gone_after_the_block(conv: Network) -> None:
    listen(conv, ["0", "2"], torch.randn(1, 3, 32, 32))
    assert n_hooks(conv) == 0


def test_hooks_are_gone_when_the_taker_fails(conv: Network) -> None:
    def fail(layer: Layer, maps: Tensor) -> None:
        raise KeyError(layer.name)

    with pytest.raises(KeyError), record(conv, [conv.layer("0")], fail):
        conv.forward(torch.randn(1, 3, 32, 32))
    assert n_hooks(conv) == 0


def test_the_pass_ends_after_the_last_wanted_layer(conv: Network) -> None:
    conv.layers()
    ran: list[str] = []
    handle = conv.module.get_submodule("4").register_forward_hook(lambda *_: ran.append("4"))
    heard = listen(conv, ["0", "2"], torch.randn(2, 3, 32, 32), stop_after="2")
    handle.remove()
    assert set(heard) == {"0", "2"}
    assert ran == []
    assert n_hooks(conv) == 0


def test_a_whole_pass_returns_what_the_network_returns(conv: Network) -> None:
    inputs = torch.randn(2, 3, 32, 32)
    output = conv.forward(inputs)
    assert isinstance(output, Tensor)
    assert torch.equal(output, conv.module(inputs))
    assert output.is_inference()
    assert conv.forward(inputs, stop_after=conv.layer("0")) is None


def test_a_module_that_runs_twice_is_heard_at_its_first_run(wrap: Callable[..., Network]) -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1)

        def forward(self, inputs: Tensor) -> Tensor:
            return self.conv(self.conv(inputs)[:, :, ::2, ::2])

    network = wrap(Twice(), size=(8, 8))
    inputs = torch.randn(2, 3, 8, 8)
    times: list[Tensor] = []
    with record(network, [network.layer("conv")], lambda _, maps: times.append(maps.clone())):
        network.forward(inputs)
        network.forward(inputs)
    assert len(times) == 2, "once in each forward pass"
    assert torch.equal(times[0], network.module.get_submodule("conv")(inputs))


def test_a_layer_that_changes_its_shape_is_refused(wrap: Callable[..., Network]) -> None:
    network = wrap(nn.Sequential(nn.Conv2d(3, 4, 3)))
    layer = network.layer("0")
    with (
        pytest.raises(NetworkError, match=r"layer 0 emitted \(4, 10, 10\).*\(4, 30, 30\) was found before"),
        record(network, [layer], lambda *_: None),
    ):
        network.forward(torch.randn(1, 3, 12, 12))
