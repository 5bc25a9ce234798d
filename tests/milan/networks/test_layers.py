"""Which layers a network has, and how units and positions are read from them."""

from collections.abc import Callable

import pytest
import timm
import torch
from torch import Tensor, nn

from milan.errors import NetworkError, UnknownName
from milan.networks import Network, record

Wrap = Callable[..., Network]


def maps_of(network: Network, name: str, inputs: Tensor) -> Tensor:
    heard: list[Tensor] = []
    with record(network, [network.layer(name)], lambda _, maps: heard.append(maps.clone())):
        network.forward(inputs)
    return heard[0]


def test_a_convolution_has_a_unit_a_channel_and_the_grid_of_its_map(wrap: Wrap) -> None:
    layer = wrap(nn.Sequential(nn.Conv2d(3, 4, 3, stride=2)), size=(32, 48)).layer("0")
    assert (layer.shape, layer.n_units, layer.grid) == ((4, 15, 23), 4, (15, 23))
    assert (layer.kind, layer.layout) == ("conv", "NCHW")


def test_a_dense_layer_has_one_position(wrap: Wrap) -> None:
    network = wrap(nn.Sequential(nn.Flatten(), nn.Linear(48, 7), nn.ReLU()), size=(4, 4))
    inputs = torch.randn(3, 3, 4, 4)
    assert network.layer("1").kind == "dense"
    assert network.layer("1").grid == (1, 1)
    assert torch.equal(maps_of(network, "2", inputs)[:, :, 0, 0], network.module(inputs))


@pytest.mark.parametrize("n_prefix", [0, 1, 5])
@pytest.mark.parametrize("size", [(32, 32), (16, 40)])
def test_class_and_register_tokens_are_dropped_on_any_grid(
    wrap: Wrap, tokens: type[nn.Module], n_prefix: int, size: tuple[int, int]
) -> None:
    network = wrap(tokens(n_prefix=n_prefix), size=size)
    inputs = torch.randn(2, 3, *size)
    layer = network.layer("norm")
    rows, columns = size[0] // 8, size[1] // 8
    assert layer.shape == (n_prefix + rows * columns, 12)
    assert (layer.kind, layer.grid, layer.n_units) == ("tokens", (rows, columns), 12)
    patches = maps_of(network, "patch", inputs)
    expected = nn.functional.layer_norm(patches.movedim(1, -1), (12,)).movedim(-1, 1)
    assert torch.allclose(maps_of(network, "norm", inputs), expected, atol=1e-5)


def test_sequence_first_tokens_are_read_alike(wrap: Wrap, tokens: type[nn.Module]) -> None:
    torch.manual_seed(0)
    first = tokens(sequence_first=True)
    last = tokens()
    last.load_state_dict(first.state_dict())
    inputs = torch.randn(3, 3, 16, 24)
    one, other = wrap(first, size=(16, 24)), wrap(last, size=(16, 24))
    assert one.layer("widen").layout == "TNC"
    assert one.layer("widen").shape == other.layer("widen").shape
    assert torch.allclose(maps_of(one, "widen", inputs), maps_of(other, "widen", inputs), atol=1e-6)


def test_patches_embedded_by_a_linear_map_get_the_pictures_proportions(wrap: Wrap) -> None:
    class Patches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Linear(3 * 64, 10)
            self.register_token = nn.Parameter(torch.zeros(1, 3, 10))
            self.norm = nn.LayerNorm(10)

        def forward(self, inputs: Tensor) -> Tensor:
            patches = nn.functional.unfold(inputs, 8, stride=8).transpose(1, 2)
            embedded = self.embed(patches)
            return self.norm(torch.cat([self.register_token.expand(len(inputs), -1, -1), embedded], 1))

    network = wrap(Patches(), size=(16, 32))
    assert network.layer("embed").grid == (2, 4)
    assert network.layer("norm").grid == (2, 4)
    assert network.layer("norm").shape == (11, 10)


def test_timm_vit_with_registers_and_a_wide_grid(wrap: Wrap) -> None:
    vit = timm.create_model(
        "vit_tiny_patch16_224", img_size=(32, 64), depth=1, embed_dim=24, num_heads=2, reg_tokens=4
    )
    network = wrap(vit, size=(32, 64))
    inputs = torch.randn(2, 3, 32, 64)
    assert network.layer("blocks.0").grid == (2, 4)
    tokens = vit.forward_features(inputs)
    assert tokens.shape[1] == 1 + 4 + 8
    assert torch.allclose(
        maps_of(network, "norm", inputs).flatten(2), tokens[:, 5:].transpose(1, 2), atol=1e-5
    )


def test_timm_swin_keeps_channels_last(wrap: Wrap) -> None:
    swin = timm.create_model(
        "swin_tiny_patch4_window7_224",
        img_size=(32, 64),
        window_size=4,
        embed_dim=16,
        depths=(1, 1),
        num_heads=(2, 2),
    )
    network = wrap(swin, size=(32, 64))
    inputs = torch.randn(2, 3, 32, 64)
    first, second = network.layer("layers.0"), network.layer("layers.1")
    assert (first.layout, first.shape, first.grid, first.n_units) == ("NHWC", (8, 16, 16), (8, 16), 16)
    assert (second.layout, second.grid, second.n_units) == ("NHWC", (4, 8), 32)
    assert network.layer("layers.1.blocks.0.mlp.fc1").grid == (4, 8), "tokens after patch merging"
    emitted = swin.forward_features(inputs)
    assert torch.allclose(maps_of(network, "norm", inputs), emitted.permute(0, 3, 1, 2), atol=1e-5)


def test_outputs_in_tuples_dicts_and_lists_have_their_own_names(wrap: Wrap) -> None:
    class Many(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pair = Pair()

        def forward(self, inputs: Tensor) -> dict[str, object]:
            map_, pooled = self.pair(inputs)
            return {"out": map_ * 2, "aux": [pooled, None], "loss": torch.zeros(())}

    class Pair(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 1)

        def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
            map_ = self.conv(inputs)
            return map_, map_.mean((2, 3))

    network = wrap(Many(), size=(6, 6))
    inputs = torch.randn(2, 3, 6, 6)
    names = [layer.name for layer in network.layers()]
    assert names == ["pair.conv", "pair[0]", "pair[1]", "[out]", "[aux][0]"]
    conv = network.module.get_submodule("pair.conv")(inputs)
    assert torch.equal(maps_of(network, "[out]", inputs), conv * 2)
    assert torch.equal(maps_of(network, "pair[1]", inputs)[:, :, 0, 0], conv.mean((2, 3)))


def test_layers_come_in_the_order_in_which_they_are_emitted(wrap: Wrap) -> None:
    class Backwards(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.second = nn.Conv2d(4, 5, 1)
            self.first = nn.Conv2d(3, 4, 1)

        def forward(self, inputs: Tensor) -> Tensor:
            return self.second(self.first(inputs))

    assert [layer.name for layer in wrap(Backwards()).layers()] == ["first", "second"]


def test_what_a_network_returns_is_a_layer_of_its_own_when_no_module_emits_it(wrap: Wrap) -> None:
    class Doubled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 1)

        def forward(self, inputs: Tensor) -> Tensor:
            return 2 * self.conv(inputs)

    network = wrap(Doubled())
    inputs = torch.randn(2, 3, 32, 32)
    assert [layer.name for layer in network.layers()] == ["conv", "[output]"]
    assert torch.equal(maps_of(network, "[output]", inputs), 2 * maps_of(network, "conv", inputs))


def test_modules_for_training_only_are_no_layers(wrap: Wrap) -> None:
    network = wrap(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Dropout2d(), nn.Identity()))
    assert [layer.name for layer in network.layers()] == ["0"]


def test_one_row_a_head_does_not_hide_the_grid(wrap: Wrap, tokens: type[nn.Module]) -> None:
    class OneHead(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk = tokens(n_prefix=0)
            self.query_norm = nn.LayerNorm(12)
            self.norm = nn.LayerNorm(12)

        def forward(self, inputs: Tensor) -> Tensor:
            self.trunk(inputs)
            positions = self.trunk.patch(inputs).flatten(2).transpose(1, 2)
            self.query_norm(positions[:, None, ::4])  # one head, pooled to a count of tokens not seen before
            return self.norm(positions)

    network = wrap(OneHead())
    assert network.layer("norm").grid == (4, 4)
    assert "query_norm" not in {layer.name for layer in network.layers()}


def test_attention_maps_and_loose_tokens_are_no_layers(wrap: Wrap, tokens: type[nn.Module]) -> None:
    class Attending(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk = tokens()
            self.scores = nn.Softmax(-1)
            self.queries = nn.Linear(12, 6)

        def forward(self, inputs: Tensor) -> Tensor:
            self.trunk(inputs)
            keys = torch.randn(len(inputs), 3, 17, 17)
            return self.scores(keys).mean() + self.queries(torch.randn(len(inputs), 100, 12)).mean()

    names = {layer.name for layer in wrap(Attending()).layers()}
    assert "trunk.norm" in names
    assert not names & {"scores", "queries"}


@pytest.mark.parametrize("channels", [1, 5])
def test_inputs_of_any_number_of_channels(wrap: Wrap, channels: int) -> None:
    network = wrap(nn.Sequential(nn.Conv2d(channels, 4, 3)), channels=channels)
    assert network.layer("0").grid == (30, 30)


def test_a_mistyped_layer_names_the_nearest(wrap: Wrap) -> None:
    network = wrap(nn.Sequential(nn.Conv2d(3, 4, 1)))
    network.module.add_module("classifier", nn.ReLU())
    with pytest.raises(
        UnknownName,
        match=r"no layer 'clasifier'. Did you mean 'classifier'\? List them: milan layers nets:make",
    ):
        network.layer("clasifier")


def test_a_network_that_cannot_take_its_input_says_so_in_one_line(wrap: Wrap) -> None:
    network = wrap(nn.Sequential(nn.Flatten(), nn.Linear(10, 2)))
    with pytest.raises(
        NetworkError, match=r"nets:make cannot run on inputs of \(3, 32, 32\): .*mat1"
    ) as caught:
        network.layers()
    assert "\n" not in str(caught.value)
