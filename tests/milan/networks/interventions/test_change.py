import pytest
import torch
from torch import Tensor, nn

from milan.errors import BadSetting, UnknownName
from milan.networks import Directions, Network, change, open_network, record
from milan.networks.interventions.change import edited
from milan.records import Edit

LAYER = "layer3"


def heard(network: Network, name: str, inputs: Tensor) -> Tensor:
    found: list[Tensor] = []
    with record(network, [network.layer(name)], lambda layer, maps: found.append(maps.clone())):
        network.forward(inputs)
    return found[0]


def test_chosen_units_are_silent_and_the_others_are_as_they_were(resnet: Network, pictures: Tensor) -> None:
    whole = heard(resnet, LAYER, pictures)
    with change(resnet, [Edit.zero(LAYER, [1, 4])]):
        without = heard(resnet, LAYER, pictures)
    assert not without[:, [1, 4]].any()
    kept = [unit for unit in range(whole.shape[1]) if unit not in (1, 4)]
    assert torch.equal(without[:, kept], whole[:, kept])


def test_units_are_scaled_and_held_at_values_of_their_own(resnet: Network, pictures: Tensor) -> None:
    whole = heard(resnet, LAYER, pictures)
    with change(resnet, [Edit.scaled(LAYER, [0], 3), Edit.to_value(LAYER, [1, 2], [0.5, -2])]):
        changed = heard(resnet, LAYER, pictures)
    assert torch.equal(changed[:, 0], 3 * whole[:, 0])
    assert (changed[:, 1] == 0.5).all()
    assert (changed[:, 2] == -2).all()


def test_the_network_is_as_before_behind_the_block_even_after_an_error(
    resnet: Network, pictures: Tensor
) -> None:
    before = resnet.forward(pictures)
    weights = resnet.weights_hash
    with pytest.raises(RuntimeError, match="stop"), change(resnet, [Edit.zero(LAYER, [0])]):
        raise RuntimeError("stop")
    after = resnet.forward(pictures)
    assert isinstance(before, Tensor)
    assert isinstance(after, Tensor)
    assert torch.equal(before, after)
    assert weights == resnet.weights_hash


def test_nested_blocks_compose_the_inner_one_last(resnet: Network, pictures: Tensor) -> None:
    with change(resnet, [Edit.to_value(LAYER, [0], 2)]):
        with change(resnet, [Edit.scaled(LAYER, [0], 5)]):
            assert (heard(resnet, LAYER, pictures)[:, 0] == 10).all()
        assert (heard(resnet, LAYER, pictures)[:, 0] == 2).all()


def test_what_follows_the_layer_sees_the_change(resnet: Network, pictures: Tensor) -> None:
    whole = resnet.forward(pictures)
    n_units = resnet.layer("layer4").n_units
    with change(resnet, [Edit.zero("layer4", range(n_units))]):
        silent = resnet.forward(pictures)
    assert isinstance(whole, Tensor)
    assert isinstance(silent, Tensor)
    assert not torch.allclose(whole, silent)
    assert torch.allclose(silent[0], silent[1])  # nothing of the picture is left


def test_even_what_is_not_finite_is_taken_away() -> None:
    network = open_network("timm:test_resnet", weights="random", size=(64, 64))
    poisoned = torch.full((1, network.layer(LAYER).n_units, 4, 4), torch.nan)
    assert not edited(network.layer(LAYER), Edit.zero(LAYER, [2]), poisoned)[:, 2].any()


def test_a_unit_of_tokens_is_silent_at_the_class_token_too(vit: Network) -> None:
    name = "blocks.0.mlp.fc1"
    inputs = torch.randn(2, 3, *vit.preprocessing.size)
    emitted: list[Tensor] = []
    module = vit.module.get_submodule(name)
    with change(vit, [Edit.zero(name, [3])]):
        handle = module.register_forward_hook(lambda module, given, output: emitted.append(output))
        vit.forward(inputs)
        handle.remove()
    assert not emitted[0][:, :, 3].any()
    assert emitted[0][:, :, 2].any()


def test_a_direction_is_moved_by_the_smallest_change_of_its_units(resnet: Network, pictures: Tensor) -> None:
    layer = resnet.layer(LAYER)
    rows = torch.randn(3, layer.n_units, generator=torch.Generator().manual_seed(0))
    along = resnet.with_directions(Directions("probe", LAYER, rows))
    with change(along, [Edit.zero(f"{LAYER}@probe", [0, 2])]):
        moved = heard(along, f"{LAYER}@probe", pictures)
        units = heard(along, LAYER, pictures)
    whole = heard(along, LAYER, pictures)
    assert moved[:, [0, 2]].abs().max() < 1e-4
    change_made = (units - whole).movedim(1, -1).reshape(-1, layer.n_units)
    inside = change_made @ torch.linalg.pinv(rows[[0, 2]]) @ rows[[0, 2]]
    assert torch.allclose(change_made, inside, atol=1e-4)  # nothing moved across the rows


class _Twice(nn.Module):
    """One activation that runs twice in a pass."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 1)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.second(self.act(self.first(x)) + 1)).mean((2, 3))


def test_a_module_that_runs_twice_is_changed_at_its_first_run_in_each_pass(pictures: Tensor) -> None:
    network = open_network(f"{__name__}:twice", size=(64, 64), mean=(0, 0, 0), std=(1, 1, 1))
    runs: list[Tensor] = []
    with change(network, [Edit.to_value("act", [0], 7)]):
        handle = network.module.get_submodule("act").register_forward_hook(
            lambda module, given, output: runs.append(output)
        )
        network.forward(pictures)
        network.forward(pictures)
        handle.remove()
    assert [bool((run[:, 0] == 7).all()) for run in runs] == [True, False, True, False]


def twice() -> nn.Module:
    return _Twice()


def test_an_unknown_layer_or_unit_is_refused_before_anything_runs(resnet: Network) -> None:
    with pytest.raises(UnknownName, match="layer3"), change(resnet, [Edit.zero("layer33", [0])]):
        pass
    n_units = resnet.layer(LAYER).n_units
    with (
        pytest.raises(BadSetting, match=f"has units 0 to {n_units - 1}, got {n_units}"),
        change(resnet, [Edit.zero(LAYER, [n_units])]),
    ):
        pass
