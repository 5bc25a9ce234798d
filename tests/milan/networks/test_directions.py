"""Rows of a matrix over a layer's units, listened to like units."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from milan.errors import BadSetting, UnknownName
from milan.networks import Directions, Network, record


@pytest.fixture
def conv(wrap: Callable[..., Network]) -> Network:
    torch.manual_seed(0)
    return wrap(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Conv2d(4, 6, 3)))


def listen(network: Network, names: list[str], inputs: Tensor, stop_after: str | None = None) -> list[Tensor]:
    heard: dict[str, Tensor] = {}
    chosen = [network.layer(name) for name in names]
    last = network.layer(stop_after) if stop_after else None
    with record(network, chosen, lambda layer, maps: heard.__setitem__(layer.name, maps.clone())):
        network.forward(inputs, stop_after=last)
    assert heard.keys() == set(names)
    return [heard[name] for name in names]


def test_a_row_that_is_one_unit_is_that_unit_to_the_bit(conv: Network) -> None:
    network = conv.with_directions(Directions("own", "2", torch.eye(6)[[4]]))
    units, rows = listen(network, ["2", "2@own"], torch.randn(2, 3, 32, 32))
    assert torch.equal(rows, units[:, [4]])


def test_a_group_is_the_mean_of_its_members(conv: Network) -> None:
    network = conv.with_directions(Directions.of_group("2", {0, 3, 5}, 6))
    units, rows = listen(network, ["2", "2@0,3,5"], torch.randn(2, 3, 32, 32))
    torch.testing.assert_close(rows, units[:, [0, 3, 5]].mean(1, keepdim=True))


def test_a_negative_row_turns_a_unit_round(conv: Network) -> None:
    network = conv.with_directions(Directions("turned", "0", -torch.eye(4)))
    units, rows = listen(network, ["0", "0@turned"], torch.randn(2, 3, 32, 32))
    assert torch.equal(rows, -units)


def test_a_bias_is_added_before_negative_activations_become_zero(conv: Network) -> None:
    torch.manual_seed(1)
    matrix, bias = torch.randn(5, 6), torch.randn(5)
    network = conv.with_directions(
        Directions("linear", "2", matrix, bias), Directions("latents", "2", matrix, bias, relu=True)
    )
    units, linear, latents = listen(network, ["2", "2@linear", "2@latents"], torch.randn(2, 3, 32, 32))
    expected = torch.einsum("ru,nuhw->nrhw", matrix, units) + bias[:, None, None]
    torch.testing.assert_close(linear, expected)
    assert torch.equal(latents, linear.relu())
    assert (linear < 0).any()


def test_an_in_place_relu_behind_the_layer_changes_nothing(conv: Network) -> None:
    network = conv.with_directions(Directions("own", "0", torch.eye(4)))
    inputs = torch.randn(2, 3, 32, 32)
    (rows,) = listen(network, ["0@own"], inputs)
    assert torch.equal(rows, conv.module.get_submodule("0")(inputs))
    assert (rows < 0).any()


def test_the_pass_may_end_after_directions(conv: Network) -> None:
    network = conv.with_directions(Directions("own", "0", torch.eye(4)))
    ran: list[str] = []
    network.module.get_submodule("2").register_forward_hook(lambda *_: ran.append("2"))
    listen(network, ["0", "0@own"], torch.randn(1, 3, 32, 32), stop_after="0@own")
    assert ran == []


def test_directions_lie_in_tokens_and_in_hidden_values_too(
    wrap: Callable[..., Network], tokens: type[nn.Module]
) -> None:
    for sequence_first in (False, True):
        network = wrap(tokens(sequence_first=sequence_first))
        hidden, head = network.layer("act"), network.layer("head")
        network = network.with_directions(
            Directions("last", "act", torch.eye(hidden.n_units)[-2:]),
            Directions("last", "head", torch.eye(head.n_units)[-2:]),
        )
        names = ["act", "act@last", "head", "head@last"]
        units, rows, outputs, last = listen(network, names, torch.randn(3, 3, 32, 32))
        assert rows.shape == (3, 2, *hidden.grid)
        assert torch.equal(rows, units[:, -2:])
        assert torch.equal(last, outputs[:, -2:])


def test_directions_stand_behind_their_layer_and_the_network_given_is_left_alone(conv: Network) -> None:
    network = conv.with_directions(Directions("b", "0", torch.eye(4)))
    network = network.with_directions(Directions("a", "2", torch.ones(9, 6)))
    assert [layer.name for layer in network.layers()] == ["0", "0@b", "1", "2", "2@a"]
    assert [layer.name for layer in conv.layers()] == ["0", "1", "2"]
    made = network.layer("2@a")
    assert (made.n_units, made.grid, made.base) == (9, conv.layer("2").grid, "2")
    assert network.weights_hash == conv.weights_hash


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.bool])
def test_numbers_of_any_real_type_are_taken(conv: Network, dtype: torch.dtype) -> None:
    network = conv.with_directions(Directions("own", "2", torch.eye(6).to(dtype)))
    units, rows = listen(network, ["2", "2@own"], torch.randn(1, 3, 32, 32))
    assert torch.equal(rows, units)


def test_thousands_of_rows_are_heard(conv: Network) -> None:
    network = conv.with_directions(Directions("many", "0", torch.ones(5000, 4)))
    (rows,) = listen(network, ["0@many"], torch.randn(1, 3, 32, 32))
    assert rows.shape == (1, 5000, 30, 30)


def test_another_matrix_bias_or_rule_has_another_hash() -> None:
    matrix = torch.eye(4)
    given = [
        Directions("x", "0", matrix),
        Directions("x", "0", matrix * 2),
        Directions("x", "0", matrix.reshape(2, 8)),
        Directions("x", "0", matrix, torch.zeros(4)),
        Directions("x", "0", matrix, relu=True),
    ]
    assert len({directions.hash for directions in given}) == len(given)
    assert Directions("y", "2", matrix.double()).hash == given[0].hash


@pytest.mark.parametrize(
    ("matrix", "bias", "said"),
    [
        (torch.ones(6), None, r"'x' in 2 are a matrix \[row, unit\], got the shape \(6,\)"),
        (torch.ones(0, 6), None, r"got the shape \(0, 6\)"),
        (torch.ones(2, 6, 1), None, r"got the shape \(2, 6, 1\)"),
        (torch.tensor([[1.0] * 6, [torch.nan] * 6]), None, r"1 of 2 rows hold values.*the first is row 1"),
        (torch.full((2, 6), 1e300, dtype=torch.float64), None, "2 of 2 rows hold values"),
        (torch.ones(2, 6, dtype=torch.complex64), None, "complex numbers: give real ones"),
        (torch.ones(2, 6), torch.ones(6), r"have 2 rows, and a bias of shape \(6,\)"),
        (torch.ones(2, 6), torch.tensor([0, torch.inf]), "the first is row 1"),
    ],
)
def test_what_is_no_matrix_of_finite_numbers_is_refused(
    matrix: Tensor, bias: Tensor | None, said: str
) -> None:
    with pytest.raises(BadSetting, match=said):
        Directions("x", "2", matrix, bias)


@pytest.mark.parametrize("name", ["", "a/b", "a@b"])
def test_a_name_that_no_unit_can_hold_is_refused(name: str) -> None:
    with pytest.raises(BadSetting, match="holds no / and no @"):
        Directions(name, "2", torch.eye(6))


@pytest.mark.parametrize("units", [set(), {-1}, {2, 6}])
def test_a_group_has_members_that_are_there(units: set[int]) -> None:
    with pytest.raises(BadSetting, match="a group in 2 has members from 0 to 5"):
        Directions.of_group("2", units, 6)


def test_a_matrix_of_other_columns_is_refused_and_a_transposed_one_is_recognised(conv: Network) -> None:
    with pytest.raises(BadSetting, match=r"'x' have 5 columns, layer 2 has 6 units: .*\[row, unit\]$"):
        conv.with_directions(Directions("x", "2", torch.ones(2, 5)))
    with pytest.raises(BadSetting, match="transposed it would fit"):
        conv.with_directions(Directions("x", "2", torch.ones(6, 2)))


def test_an_unknown_layer_and_a_name_given_twice_are_refused(conv: Network) -> None:
    own = Directions("x", "2", torch.eye(6))
    with pytest.raises(UnknownName, match="no layer '2@x'"):
        conv.with_directions(own).with_directions(Directions("y", "2@x", torch.eye(6)))
    with pytest.raises(BadSetting, match="two directions are called 2@x"):
        conv.with_directions(own).with_directions(own)
