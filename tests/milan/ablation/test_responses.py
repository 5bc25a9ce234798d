import numpy as np
import pytest

from milan.ablation import Responses, TestImages, outcome, right_without, score_units, switched_off
from milan.errors import BadSetting
from milan.networks import Network
from milan.records import Edit, UnitId, zeroed


def test_mean_and_peak_are_those_of_the_maps(network: Network, images: TestImages) -> None:
    responses = Responses.read(network, images, ["act", "colour"])
    inputs = next(images.inputs(network, 10))
    maps = network.module.get_submodule("colour")(inputs).detach().flatten(2).numpy()
    np.testing.assert_allclose(responses.mean["colour"], maps.mean(2), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(responses.peak["act"], maps.max(2).clip(0), rtol=1e-5)
    picked = responses.peaks([UnitId("net", "act", 3), UnitId("net", "colour", 0)])
    assert (picked == np.stack([responses.peak["act"][:, 3], responses.peak["colour"][:, 0]], 1)).all()


def test_levels_are_means_over_the_asked_images(network: Network, images: TestImages) -> None:
    responses = Responses.read(network, images, ["act"])
    levels = responses.levels(among=images.labels == 1)
    np.testing.assert_allclose(levels["act"], responses.mean["act"][6:].mean(0), rtol=1e-6)
    with pytest.raises(BadSetting, match="needs an image"):
        responses.levels(among=np.zeros(10, bool))


def test_units_held_at_their_levels_are_scored_and_counted_as_one_edit_at_a_time_is(
    network: Network, images: TestImages
) -> None:
    levels = {"act": np.array([0.1, 0.2, 0.3, 0.0], np.float32)}
    (scores,) = score_units(network, images, ["act"], levels=levels)
    for unit, value in enumerate(levels["act"]):
        alone = outcome(network, images, [Edit.to_value("act", [unit], float(value))])
        np.testing.assert_allclose(scores.log_chance[unit], alone.log_chance, atol=1e-6)
    order = [UnitId("net", "act", unit) for unit in (2, 0, 1)]
    rows = right_without(network, images, order, [0, 1, 2, 3], levels=levels)
    for count, row in enumerate(rows):
        held = outcome(network, images, switched_off(order[:count], levels))
        assert row.tolist() == held.right.tolist()


def test_without_levels_units_are_held_at_zero() -> None:
    units = [UnitId("net", "act", 1), UnitId("net", "colour", 0)]
    assert switched_off(units) == zeroed(units)
    levels = {"act": np.array([1.0, 2.0]), "colour": np.array([3.0])}
    assert switched_off(units, levels) == [
        Edit.to_value("act", [1], 2.0),
        Edit.to_value("colour", [0], 3.0),
    ]
