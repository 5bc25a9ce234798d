from collections import Counter

import numpy as np
import pytest

from milan.errors import BadSetting
from milan.scenes import concepts
from milan.scenes.planted import (
    NOISE_LEVELS,
    PlantedUnit,
    UnitKind,
    accepted_names,
    plan_units,
    planted_scenes,
    redrawn,
    vocabulary,
)

EMOJI = [key for key in concepts() if key.startswith("emoji:")]


def planned(n: int, seed: int = 0) -> tuple[PlantedUnit, ...]:
    rng = np.random.default_rng(seed)
    return plan_units(n, vocabulary(rng, EMOJI), rng)


@pytest.mark.parametrize("n", [20, 120])
def test_a_plan_holds_every_kind_and_as_many_units_as_asked(n: int) -> None:
    units = planned(n)
    kinds = Counter(unit.kind for unit in units)
    assert len(units) == n
    assert set(kinds) == set(UnitKind)
    assert max(kinds, key=lambda kind: kinds[kind]) is UnitKind.CONCEPT
    assert n < 120 or any(unit.is_unseen for unit in units)  # a small plan may hold none


def test_noise_comes_in_both_levels_and_dead_units_have_none() -> None:
    levels = Counter(unit.noise for unit in planned(60) if unit.is_live)
    assert set(levels) == set(NOISE_LEVELS)
    assert abs(levels[NOISE_LEVELS[0]] - levels[NOISE_LEVELS[1]]) < 10
    assert {unit.noise for unit in planned(60) if unit.kind is UnitKind.DEAD} == {0.0}


def test_the_same_seed_plans_the_same_units_and_another_seed_others() -> None:
    assert planned(40) == planned(40)
    assert planned(40) != planned(40, seed=1)


def test_no_two_concepts_of_a_plan_answer_to_one_name() -> None:
    keys = {key for unit in planned(120) for key in unit.concepts if key.startswith("emoji:")}
    names = Counter(name for key in keys for name in accepted_names(key))
    assert max(names.values()) == 1


def test_fewer_units_than_there_are_kinds_are_refused() -> None:
    with pytest.raises(BadSetting, match="at least 20 units"):
        planned(19)


def test_scenes_show_their_theme_and_are_the_same_bytes_every_time() -> None:
    theme = PlantedUnit(UnitKind.CONCEPT, ("emoji:banana",))
    first = list(planted_scenes([theme], 6, 0, redrawn))
    again = list(planted_scenes([theme], 6, 0, redrawn))
    assert [scene.picture.tobytes() for scene in first] == [scene.picture.tobytes() for scene in again]
    shown = [any(item.concept == "emoji:banana" for item in scene.objects) for scene in first]
    assert sum(shown) >= 5
    assert all(scene.picture.shape == (224, 224, 3) for scene in first)


def test_masks_of_a_planted_scene_are_disjoint_whatever_was_written_over_them() -> None:
    theme = PlantedUnit(UnitKind.SPURIOUS, ("emoji:banana",))
    scenes = list(planted_scenes([theme], 6, 0, redrawn))
    assert sum(any(item.kind == "word" for item in scene.objects) for scene in scenes) >= 3
    for scene in scenes:
        covered = np.sum([item.mask for item in scene.objects], axis=0)
        assert covered.max() == 1
