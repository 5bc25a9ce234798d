import pytest

from milan.errors import BadSetting
from milan.records import Edit, UnitId, zeroed


def test_units_of_several_layers_are_switched_off_by_one_edit_a_layer() -> None:
    units = [UnitId("net", "b", 2), UnitId("net", "a", 0), UnitId("net", "b", 1), UnitId("net", "b", 2)]
    assert zeroed(units) == [Edit.zero("b", [2, 1]), Edit.zero("a", [0])]


def test_each_unit_may_have_a_value_of_its_own() -> None:
    assert Edit.to_value("a", [0, 3], [1, 2.5]).shift == (1.0, 2.5)
    assert Edit.to_value("a", [0, 3], 2).shift == (2.0, 2.0)


def test_a_unit_named_twice_or_below_zero_is_refused() -> None:
    for units in ([1, 1], [-1]):
        with pytest.raises(BadSetting, match="names each unit once"):
            Edit.zero("a", units)


def test_values_that_are_not_one_a_unit_are_refused() -> None:
    with pytest.raises(BadSetting, match="2 units of a has 3 shifts"):
        Edit.to_value("a", [0, 1], [1.0, 2.0, 3.0])
