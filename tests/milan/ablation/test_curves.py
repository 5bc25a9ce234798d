import pytest

from milan.ablation import TestImages, right_without
from milan.errors import BadSetting
from milan.networks import Network
from milan.records import UnitId


def units(*numbers: int) -> list[UnitId]:
    return [UnitId("net", "act", number) for number in numbers]


def test_accuracy_falls_as_the_units_that_it_hangs_on_go(network: Network, images: TestImages) -> None:
    right = right_without(network, images, units(2, 3, 1), [0, 1, 2, 3])
    assert right.mean(1).tolist() == pytest.approx([1, 1, 1, 0.6])


def test_more_units_than_there_are_cannot_be_switched_off(network: Network, images: TestImages) -> None:
    with pytest.raises(BadSetting, match="asked to switch off 3 units of 2"):
        right_without(network, images, units(0, 1), [3])
