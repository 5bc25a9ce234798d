"""Weights from files, and what names them."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from milan.errors import NetworkError, WeightsMismatch
from milan.networks.weights import hash_weights, load_weights


def make() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


def same(one: nn.Module, other: nn.Module) -> bool:
    return hash_weights(one) == hash_weights(other)


@pytest.mark.parametrize("wrapper", [None, "state_dict", "model", "model_state_dict"])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.module."])
def test_checkpoints_of_training_loops_are_unwrapped(
    tmp_path: Path, wrapper: str | None, prefix: str
) -> None:
    trained = make()
    named = {
        prefix.replace("_orig_mod.module.", "module._orig_mod.") + k: v
        for k, v in trained.state_dict().items()
    }
    torch.save({wrapper: named, "epoch": 3} if wrapper else named, tmp_path / "net.pth")
    fresh = make()
    assert not same(fresh, trained)
    load_weights(fresh, tmp_path / "net.pth")
    assert same(fresh, trained)


def test_safetensors(tmp_path: Path) -> None:
    trained, fresh = make(), make()
    save_file(trained.state_dict(), tmp_path / "net.safetensors")
    load_weights(fresh, tmp_path / "net.safetensors")
    assert same(fresh, trained)


def test_weights_of_another_network_are_counted_in_one_line(tmp_path: Path) -> None:
    torch.save(
        nn.Sequential(nn.Conv2d(3, 8, 3), nn.Identity(), nn.Linear(2, 2)).state_dict(), tmp_path / "b.pt"
    )
    with pytest.raises(WeightsMismatch) as caught:
        load_weights(make(), tmp_path / "b.pt")
    text = str(caught.value)
    assert "\n" not in text
    assert "5 of 7 names are missing (first: 1.weight)" in text
    assert "2 are unknown (first: 2.weight)" in text
    assert (
        "2 have another shape (first: 0.weight, (8, 3, 3, 3) in the file, (4, 3, 3, 3) in the network)"
        in text
    )


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    torch.save(make(), tmp_path / "whole.pt")
    with pytest.raises(NetworkError, match="holds more than tensors and is not opened"):
        load_weights(make(), tmp_path / "whole.pt")


@pytest.mark.parametrize("name", ["broken.pth", "broken.safetensors", "empty.pth"])
def test_damaged_files_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"" if name.startswith("empty") else b"no weights at all")
    with pytest.raises(NetworkError) as caught:
        load_weights(make(), tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(NetworkError, match="not a table of named tensors"):
        load_weights(make(), tmp_path / "list.pt")


def test_the_hash_sees_values_names_shapes_types_and_buffers() -> None:
    first = make()
    again = make()
    again.load_state_dict(first.state_dict())
    assert same(first, again)
    again.get_submodule("1").running_mean[0] += 1
    assert not same(first, again), "a buffer"
    values = torch.zeros(4)
    modules = []
    for name, tensor in [
        ("a", values),
        ("b", values),
        ("a", values.reshape(2, 2)),
        ("a", values.to(torch.int32)),
    ]:
        module = nn.Module()
        module.register_buffer(name, tensor)
        modules.append(hash_weights(module))
    assert len(set(modules)) == 4
