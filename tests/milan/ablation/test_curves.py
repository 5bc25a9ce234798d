from dataclasses import replace

import numpy as np
import pytest

from milan.ablation import TestImages, outcome, random_units, right_without
from milan.errors import BadSetting
from milan.networks import Network, open_network
from milan.records import UnitId, zeroed


def units(*numbers: int) -> list[UnitId]:
    return [UnitId("net", "act", number) for number in numbers]


def test_accuracy_falls_as_the_units_that_it_hangs_on_go(network: Network, images: TestImages) -> None:
    right = right_without(network, images, units(2, 3, 1), [0, 1, 2, 3])
    assert right.mean(1).tolist() == pytest.approx([1, 1, 1, 0.6])


def test_more_units_than_there_are_cannot_be_switched_off(network: Network, images: TestImages) -> None:
    with pytest.raises(BadSetting, match="asked to switch off 3 units of 2"):
        right_without(network, images, units(0, 1), [3])


def test_sets_side_by_side_are_right_where_sets_one_at_a_time_are(images: TestImages) -> None:
    rng = np.random.default_rng(2)
    network = open_network("timm:test_resnet", weights="random", size=(32, 32), mean=(0,) * 3, std=(1,) * 3)
    views = rng.integers(0, 255, (6, 32, 32, 3), np.uint8)
    some = TestImages(views, np.zeros(6, np.int64), tuple("abcdef"))
    some = replace(some, labels=outcome(network, some).predicted)  # all right as long as nothing is off
    pool = [UnitId("n", name, index) for name in ("layer2", "layer3", "layer4") for index in range(16)]
    order = random_units(pool, len(pool), seed=1)
    counts = [0, 3, 9, 20, 48]
    beside = right_without(network, some, order, counts)
    alone = np.stack([outcome(network, some, zeroed(order[:count])).right for count in counts])
    assert beside.tolist() == alone.tolist()
    assert beside[0].all()
    assert not beside[-1].all()
