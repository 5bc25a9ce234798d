"""The planted workload is what it says."""

import numpy as np
import pytest

from milan.errors import BadSetting
from milan.probes import Labelled, Planted, PlantedPlan, plant_units
from milan.probes.moments import ClassMoments


def test_planted_units_follow_their_class_by_their_strength(planted: Planted, tokens: Labelled) -> None:
    moments = ClassMoments.of(tokens)
    shift = moments.mean - moments.of_others()[0]
    found = shift[planted.classes, planted.units] / np.sqrt(moments.variance[planted.classes, planted.units])
    assert np.abs(found - planted.strength).max() < 0.2


def test_every_class_has_as_many_planted_units_and_dead_ones_are_apart(planted: Planted) -> None:
    assert np.bincount(planted.classes).tolist() == [5, 5, 5, 5]
    assert not np.intersect1d(planted.units, planted.dead).size
    assert not planted.matrix[:, planted.dead].any()
    assert (np.diff(np.bincount(planted.labels)) < 0).all(), "earlier classes are more frequent"


def test_a_seed_is_one_workload() -> None:
    small = PlantedPlan(n_tokens=50, n_units=30, n_classes=2, n_planted=4, n_dead=2)
    assert np.array_equal(plant_units(1, small).matrix, plant_units(1, small).matrix)
    assert not np.array_equal(plant_units(1, small).matrix, plant_units(2, small).matrix)


def test_planted_units_that_classes_cannot_share_are_refused() -> None:
    with pytest.raises(BadSetting, match="5 planted and 24 dead of 3072 units"):
        plant_units(0, PlantedPlan(n_planted=5))
