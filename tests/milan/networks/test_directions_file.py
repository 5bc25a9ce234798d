"""Directions read from a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from milan.errors import BadSetting, DataError, MilanError, UnknownName
from milan.networks import Network, read_directions


@pytest.fixture
def network(wrap: Callable[..., Network]) -> Network:
    torch.manual_seed(0)
    module = nn.Sequential()
    module.add_module("stem", nn.Conv2d(3, 4, 3))
    module.add_module("body", nn.Conv2d(4, 6, 3))
    return wrap(module)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    def save(tensors: dict[str, Tensor], activation: str | None = None, name: str = "sae") -> Path:
        path = tmp_path / f"{name}.safetensors"
        save_file(tensors, path, None if activation is None else {"activation": activation})
        return path

    return save


def test_each_matrix_lies_in_the_layer_of_its_name_and_is_called_by_the_file(
    network: Network, saved: Callable[..., Path]
) -> None:
    file = saved({"body": torch.eye(6), "stem": torch.ones(3, 4), "body.bias": torch.ones(6)}, "relu")
    found = {directions.layer_name: directions for directions in read_directions(file, network)}
    assert found.keys() == {"stem@sae", "body@sae"}
    assert found["stem@sae"].bias is None
    assert found["body@sae"].bias is not None
    assert all(directions.relu for directions in found.values())
    assert not any(directions.relu for directions in read_directions(saved({"stem": torch.eye(4)}), network))


def test_a_matrix_alone_may_have_any_name_when_its_layer_is_told(
    network: Network, saved: Callable[..., Path]
) -> None:
    file = saved({"components": torch.eye(6), "components.bias": torch.ones(6)}, name="pca")
    (found,) = read_directions(file, network, "body")
    assert found.layer_name == "body@pca"
    assert found.bias is not None
    with pytest.raises(UnknownName, match=r"no layer 'components'.*pca.safetensors.*needs --layer"):
        read_directions(file, network)
    with pytest.raises(UnknownName, match=r"no layer 'boby'. Did you mean 'body'\?"):
        read_directions(file, network, "boby")


def test_a_mistyped_layer_in_the_file_names_the_nearest(network: Network, saved: Callable[..., Path]) -> None:
    with pytest.raises(UnknownName, match=r"no layer 'boddy'. Did you mean 'body'\?"):
        read_directions(saved({"boddy": torch.eye(6), "stem": torch.eye(4)}), network, "stem")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "holds no matrix of directions"),
        ({"body": torch.ones(6)}, r"got the shape \(6,\)"),
        ({"body": torch.eye(6), "body.bias": torch.ones(2)}, r"a bias of shape \(2,\)"),
        ({"body.bias": torch.ones(6)}, "no layer 'body.bias'"),
    ],
)
def test_content_that_is_no_directions_is_one_clear_error(
    network: Network, saved: Callable[..., Path], content: dict[str, Tensor], said: str
) -> None:
    with pytest.raises(MilanError, match=said):
        read_directions(saved(content), network)


def test_a_file_that_is_none_or_something_else_is_refused(network: Network, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file of directions"):
        read_directions(tmp_path / "none.safetensors", network)
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"not tensors")
    with pytest.raises(DataError, match=r"cannot be read as directions .*save_file"):
        read_directions(other, network)


def test_an_unknown_activation_is_refused(network: Network, saved: Callable[..., Path]) -> None:
    with pytest.raises(UnknownName, match=r"no activation 'relu6'. Did you mean 'relu'\?"):
        read_directions(saved({"body": torch.eye(6)}, "relu6"), network)


def test_a_file_whose_name_no_layer_can_hold_is_refused(network: Network, saved: Callable[..., Path]) -> None:
    with pytest.raises(BadSetting, match="holds no / and no @, got 'a@b'"):
        read_directions(saved({"body": torch.eye(6)}, name="a@b"), network)
