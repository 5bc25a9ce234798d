"""A small planted workload: four classes, five units each, among units that follow nothing."""

import numpy as np
import pytest

from milan.probes import Labelled, Planted, PlantedPlan, Split, plant_units

PLAN = PlantedPlan(
    n_tokens=1600, n_units=120, n_classes=4, n_planted=20, n_dead=4, strength=(0.4, 1.0), n_factors=4
)


@pytest.fixture(scope="session")
def planted() -> Planted:
    return plant_units(0, PLAN)


@pytest.fixture(scope="session")
def tokens(planted: Planted) -> Labelled:
    return Labelled(planted.matrix, planted.labels, PLAN.n_classes)


@pytest.fixture(scope="session")
def split(tokens: Labelled) -> Split:
    return Split(tokens.at(np.arange(1200)), tokens.at(np.arange(1200, 1600)))
