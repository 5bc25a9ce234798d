import torch
from torch import nn

from captioner.fingerprint import tensor_hashes


def test_a_network_is_recognised_under_other_names_and_in_a_wrapper() -> None:
    layer = nn.Linear(40, 30)
    assert tensor_hashes(nn.ModuleDict({"other": layer})) == tensor_hashes(layer) != frozenset()


def test_the_precision_in_which_equal_values_are_kept_does_not_matter() -> None:
    half = nn.Linear(40, 30).half()
    full = nn.Linear(40, 30)
    full.load_state_dict({key: value.float() for key, value in half.state_dict().items()})
    assert tensor_hashes(half) == tensor_hashes(full)


def test_one_changed_number_makes_another_network() -> None:
    layer = nn.Linear(40, 30)
    before = tensor_hashes(layer)
    with torch.no_grad():
        layer.weight[0, 0] += 1
    assert tensor_hashes(layer).isdisjoint(before)


def test_buffers_count() -> None:
    norm = nn.BatchNorm1d(1000, affine=False)
    norm(torch.randn(8, 1000))
    assert len(tensor_hashes(norm)) == 2


def test_what_unrelated_networks_share_by_chance_does_not_count() -> None:
    assert tensor_hashes(nn.BatchNorm2d(1280)) == frozenset()  # fresh: all ones, all zeros
    assert tensor_hashes(nn.Linear(31, 31)) == frozenset()  # too short
