import pytest

from milan.errors import BadSetting, UnknownName
from milan.scenes import SceneSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 8},
        {"size": 4000},
        {"max_objects": 0},
        {"scale": (0.6, 0.2)},
        {"scale": (0, 0.5)},
        {"visible": 1.5},
    ],
)
def test_a_value_outside_its_range_is_refused(wrong):
    with pytest.raises(BadSetting):
        SceneSettings(**wrong)


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(UnknownName, match="'texture'"):
        SceneSettings(kinds=("textures",))


def test_an_unknown_language_lists_those_that_are_known():
    with pytest.raises(UnknownName, match="de, en"):
        SceneSettings(languages=("hy",))
