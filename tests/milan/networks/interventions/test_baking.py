import copy

import pytest
import torch
from torch import Tensor

from milan.errors import NetworkError
from milan.networks import Directions, Network, bake, change
from milan.networks.outputs import logits_of
from milan.records import Edit


def outputs_of_both(network: Network, edits: list[Edit], inputs: Tensor) -> tuple[Tensor, Tensor]:
    """What the edited network and the plain one with baked weights answer."""
    plain = copy.deepcopy(network.module)
    plain.load_state_dict(bake(network, edits, inputs), strict=True)
    with change(network, edits), torch.inference_mode():
        return logits_of(network.forward(inputs)), logits_of(plain(inputs))


@pytest.mark.parametrize(
    "layer",
    [
        "features.0.0",  # a convolution, read by a norm
        "features.0.1",  # a norm, changed in place behind
        "features.1.conv.0",  # a depthwise convolution with norm and activation
        "features.3",  # the end of a stage, which a convolution reads
        "features.17",
        "features.18",  # read by the head after averaging and dropout
        "classifier.1",  # the outputs themselves
    ],
)
def test_units_switched_off_in_the_weights_give_the_outputs_of_units_switched_off_in_the_pass(
    mobilenet: Network, pictures: Tensor, layer: str
) -> None:
    whole = logits_of(mobilenet.forward(pictures))
    edited, baked = outputs_of_both(mobilenet, [Edit.zero(layer, [0, 2, 5])], pictures)
    assert torch.allclose(edited, baked, atol=1e-4)
    assert torch.equal(edited.argmax(1), baked.argmax(1))
    assert not torch.allclose(whole, edited, atol=1e-6)


def test_edits_of_several_layers_are_baked_together(mobilenet: Network, pictures: Tensor) -> None:
    edits = [
        Edit.zero("features.3", [1]),
        Edit.zero("features.0.1", [4, 7]),
        Edit.scaled("features.18", [3], 0.5),
    ]
    edited, baked = outputs_of_both(mobilenet, edits, pictures)
    assert torch.allclose(edited, baked, atol=1e-4)


def test_units_held_at_their_means_are_baked_where_there_is_a_bias(
    mobilenet: Network, vit: Network, pictures: Tensor
) -> None:
    edited, baked = outputs_of_both(mobilenet, [Edit.to_value("features.0.1", [1, 2], [0.4, -0.3])], pictures)
    assert torch.allclose(edited, baked, atol=1e-4)
    inputs = torch.randn(2, 3, *vit.preprocessing.size)
    edited, baked = outputs_of_both(vit, [Edit.to_value("blocks.0.mlp.fc1", [1, 2], 0.7)], inputs)
    assert torch.allclose(edited, baked, atol=1e-4)


def test_a_layer_that_norms_read_is_baked_into_these(densenet: Network, pictures: Tensor) -> None:
    for edit in (Edit.zero("features.denseblock1", [3, 70]), Edit.to_value("features.denseblock1", [9], 0.8)):
        edited, baked = outputs_of_both(densenet, [edit], pictures)
        assert torch.allclose(edited, baked, atol=1e-4)


def test_a_unit_that_is_added_to_others_cannot_be_baked(mobilenet: Network, pictures: Tensor) -> None:
    with pytest.raises(NetworkError, match=r"this edit of features\.5 does: its units are added"):
        bake(mobilenet, [Edit.zero("features.5", [0])], pictures)


def test_directions_have_no_weights_to_bake_into(resnet: Network, pictures: Tensor) -> None:
    n_units = resnet.layer("layer3").n_units
    along = resnet.with_directions(Directions("probe", "layer3", torch.ones(1, n_units)))
    with pytest.raises(NetworkError, match="layer3@probe is made of directions"):
        bake(along, [Edit.zero("layer3@probe", [0])], pictures)


def test_the_network_itself_keeps_its_weights(mobilenet: Network, pictures: Tensor) -> None:
    before = {name: tensor.clone() for name, tensor in mobilenet.module.state_dict().items()}
    bake(mobilenet, [Edit.zero("features.3", [0])], pictures)
    after = mobilenet.module.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
