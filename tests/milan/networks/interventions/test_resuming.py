import pytest
import torch
from torch import Tensor

from milan.networks import Network, Resumed, change
from milan.networks.outputs import logits_of
from milan.records import Edit


def one_at_a_time(network: Network, edits: list[Edit], inputs: Tensor) -> Tensor:
    rows = []
    for edit in edits:
        with change(network, [edit]):
            rows.append(logits_of(network.forward(inputs)))
    return torch.cat(rows)


@pytest.mark.parametrize(
    "layer", ["conv1.0", "layer1", "layer2.0.conv1", "layer2.0.bn2", "layer3", "layer4", "fc"]
)
def test_passes_that_go_on_from_a_layer_give_what_whole_passes_give(
    resnet: Network, pictures: Tensor, layer: str
) -> None:
    edits = [Edit.zero(layer, [unit]) for unit in range(5)] + [Edit.to_value(layer, [0, 1], 2.0)]
    resumed = Resumed(resnet, resnet.layer(layer), pictures[:1])
    found = logits_of(resumed.forward([[edit] for edit in edits]))
    assert torch.allclose(found, one_at_a_time(resnet, edits, pictures[:1]), atol=1e-5)


@pytest.mark.parametrize(
    "layer", ["patch_embed.proj", "blocks.1.attn.proj", "blocks.2.mlp.fc1", "blocks.3", "head"]
)
def test_a_transformer_goes_on_from_any_of_its_layers(vit: Network, layer: str) -> None:
    inputs = torch.randn(1, 3, *vit.preprocessing.size, generator=torch.Generator().manual_seed(1))
    edits = [Edit.zero(layer, [unit]) for unit in range(4)]
    found = logits_of(Resumed(vit, vit.layer(layer), inputs).forward([[edit] for edit in edits]))
    assert torch.allclose(found, one_at_a_time(vit, edits, inputs), atol=1e-5)


def test_what_lies_before_the_layer_is_not_computed_again(resnet: Network, pictures: Tensor) -> None:
    resumed = Resumed(resnet, resnet.layer("layer3"), pictures[:1])
    ran: list[str] = []
    before, behind = "layer1.0.conv1", "layer4.0.conv1"
    handles = [
        resnet.module.get_submodule(name).register_forward_hook(
            lambda module, given, output, name=name: ran.append(name)
        )
        for name in (before, behind)
    ]
    resumed.forward([[Edit.zero("layer3", [0])]])
    for handle in handles:
        handle.remove()
    assert ran == [behind]


def test_the_network_computes_everything_again_afterwards(resnet: Network, pictures: Tensor) -> None:
    before = logits_of(resnet.forward(pictures))
    Resumed(resnet, resnet.layer("layer3"), pictures[:1]).forward([[Edit.zero("layer3", [0])]])
    assert torch.equal(before, logits_of(resnet.forward(pictures)))
    assert not any("forward" in module.__dict__ for module in resnet.module.modules())


def test_an_edit_is_seen_where_a_network_adds_in_place(resnet: Network, pictures: Tensor) -> None:
    resumed = Resumed(resnet, resnet.layer("layer2.0.conv1"), pictures[:1])
    first = logits_of(resumed.forward([[Edit.zero("layer2.0.conv1", [0])]]))
    again = logits_of(resumed.forward([[Edit.zero("layer2.0.conv1", [0])]]))
    assert torch.equal(first, again)  # nothing remembered was written over


def test_edits_of_later_layers_are_made_in_their_own_image_of_the_batch_alone(
    resnet: Network, pictures: Tensor
) -> None:
    sets = [
        [],
        [Edit.zero("layer2", [0, 3])],
        [Edit.zero("layer2", [1]), Edit.to_value("layer3", [2, 5], [0.5, 1.5]), Edit.zero("layer4", [0])],
        [Edit.scaled("layer4", [7], 3.0)],
    ]
    found = logits_of(Resumed(resnet, resnet.layer("layer2"), pictures[:1]).forward(sets))
    rows = []
    for edits in sets:
        with change(resnet, edits):
            rows.append(logits_of(resnet.forward(pictures[:1])))
    assert torch.allclose(found, torch.cat(rows), atol=1e-5)
