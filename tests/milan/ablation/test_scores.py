from dataclasses import replace

import numpy as np
import torch

from milan.ablation import TestImages, outcome, score_units
from milan.networks import Network, open_network
from milan.records import Edit


def test_a_unit_that_a_class_hangs_on_costs_that_class(network: Network, images: TestImages) -> None:
    (scores,) = score_units(network, images, ["act"])
    assert scores.whole.accuracy == 1
    np.testing.assert_allclose(scores.accuracy, [1.0, 0.6, 1.0, 1.0], atol=1e-6)  # ties: the first output
    np.testing.assert_allclose(scores.drop, [0, 0.4, 0, 0], atol=1e-6)
    assert scores.evidence[0] > 0.02  # less sure of red, though still right
    assert scores.evidence[2] == 0


def test_scores_are_those_of_switching_off_one_unit_at_a_time(images: TestImages) -> None:
    network = open_network("timm:test_resnet", weights="random", size=(32, 32), mean=(0,) * 3, std=(1,) * 3)
    rng = np.random.default_rng(1)
    some = TestImages(
        rng.integers(0, 255, (5, 32, 32, 3), np.uint8), rng.integers(0, 1000, 5), tuple("abcde")
    )
    for scores in score_units(network, some, ["layer2", "layer3.0.bn1"]):
        for unit in range(0, len(scores.right), 7):
            alone = outcome(network, some, [Edit.zero(scores.layer, [unit])])
            assert scores.right[unit].tolist() == alone.right.tolist()
            np.testing.assert_allclose(scores.log_chance[unit], alone.log_chance, atol=1e-5)


def test_units_that_are_zero_all_over_an_image_are_not_run(network: Network, images: TestImages) -> None:
    batches: list[int] = []
    handle = network.module.get_submodule("head").register_forward_hook(
        lambda module, given, output: batches.append(len(output))
    )
    score_units(network, images.at(np.array([0])), ["act"])
    handle.remove()
    assert batches == [1, 2]  # the image itself; of a red one, units 0 and 3


def test_an_exported_programs_batches_are_filled_up(network: Network, images: TestImages) -> None:
    whole = outcome(network, images)
    batches = list(images.inputs(network, 4))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert torch.cat(batches).shape == (10, 3, 8, 8)
    assert whole.predicted.tolist() == [0] * 6 + [1] * 4


def test_a_network_of_one_batch_size_gets_the_same_scores(network: Network, images: TestImages) -> None:
    exported = replace(network, batch_size=4)
    (beside,), (alone,) = (score_units(one, images, ["act"]) for one in (network, exported))
    assert beside.right.tolist() == alone.right.tolist()
    np.testing.assert_allclose(beside.log_chance, alone.log_chance, atol=1e-6)
