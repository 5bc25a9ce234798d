"""Folders of SAELens read as directions."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from milan.errors import BadSetting, DataError, MilanError, UnknownName
from milan.networks import Network, read_directions

UNITS, LATENTS = 6, 9


@pytest.fixture
def network(wrap: Callable[..., Network]) -> Network:
    torch.manual_seed(0)
    module = nn.Sequential()
    module.add_module("stem", nn.Conv2d(3, 4, 3))
    module.add_module("body", nn.Conv2d(4, UNITS, 3))
    return wrap(module)


@pytest.fixture
def weights() -> dict[str, Tensor]:
    torch.manual_seed(1)
    return {
        "W_enc": torch.randn(UNITS, LATENTS),
        "b_enc": torch.randn(LATENTS),
        "W_dec": torch.randn(LATENTS, UNITS),
        "b_dec": torch.randn(UNITS),
    }


@pytest.fixture
def saved(tmp_path: Path, weights: dict[str, Tensor]) -> Callable[..., Path]:
    def save(more: dict[str, Tensor] | None = None, **config: object) -> Path:
        folder = tmp_path / "my-sae"
        folder.mkdir(exist_ok=True)
        (folder / "cfg.json").write_text(json.dumps({"d_in": UNITS, "d_sae": LATENTS, **config}))
        save_file({**weights, **(more or {})}, folder / "sae_weights.safetensors")
        return folder

    return save


def test_latents_are_what_the_encoder_says(
    network: Network, saved: Callable[..., Path], weights: dict[str, Tensor]
) -> None:
    folder = saved(architecture="standard", hook_name="body")
    (found,) = read_directions(folder, network)
    assert found.layer_name == "body@my-sae"
    maps = torch.randn(2, UNITS, 3, 5)
    wanted = torch.relu(
        (maps.permute(0, 2, 3, 1) - weights["b_dec"]) @ weights["W_enc"] + weights["b_enc"]
    ).permute(0, 3, 1, 2)
    torch.testing.assert_close(found.project(maps), wanted, rtol=1e-4, atol=1e-4)


def test_a_jumprelu_latent_is_silent_up_to_its_threshold(
    network: Network, saved: Callable[..., Path], weights: dict[str, Tensor]
) -> None:
    threshold = torch.linspace(0, 2, LATENTS)
    folder = saved(
        {"threshold": threshold},
        architecture="jumprelu",
        apply_b_dec_to_input=False,
        metadata={"hook_name": "body"},
    )
    (found,) = read_directions(folder, network)
    maps = torch.randn(4, UNITS, 2, 2)
    raw = maps.permute(0, 2, 3, 1) @ weights["W_enc"] + weights["b_enc"]
    wanted = (raw * (raw > threshold)).permute(0, 3, 1, 2)
    torch.testing.assert_close(found.project(maps), wanted, rtol=1e-4, atol=1e-4)
    (other,) = read_directions(saved({"threshold": threshold + 1}, architecture="jumprelu"), network, "body")
    assert other.hash != found.hash


def test_the_layer_is_told_where_the_folder_names_none_of_the_network(
    network: Network, saved: Callable[..., Path]
) -> None:
    folder = saved(hook_name="blocks.8.hook_resid_pre")
    with pytest.raises(UnknownName, match=r"my-sae was trained on 'blocks.8.hook_resid_pre'.*--layer"):
        read_directions(folder, network)
    (found,) = read_directions(folder, network, "body")
    assert found.layer == "body"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"architecture": "topk"}, "kind 'topk' are not read"),
        ({"activation_fn_str": "tanh-relu"}, "kind 'tanh-relu' are not read"),
        ({"normalize_activations": "layer_norm"}, "normalised activations"),
    ],
)
def test_what_is_not_a_direction_is_refused(
    network: Network, saved: Callable[..., Path], config: dict[str, object], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        read_directions(saved(hook_name="body", **config), network)


def test_damaged_folders_are_one_clear_line(network: Network, saved: Callable[..., Path]) -> None:
    folder = saved({"threshold": torch.ones(3)}, architecture="jumprelu", hook_name="body")
    with pytest.raises(BadSetting, match=r"a threshold of shape \(3,\)"):
        read_directions(folder, network)
    (folder / "sae_weights.safetensors").write_bytes(b"none")
    with pytest.raises(DataError, match="cannot be read"):
        read_directions(folder, network)
    (folder / "cfg.json").write_text("[]")
    with pytest.raises(MilanError, match="not the settings"):
        read_directions(folder, network)
    (folder / "cfg.json").write_text("{")
    with pytest.raises(DataError, match=r"cfg.json: cannot be read"):
        read_directions(folder, network)
