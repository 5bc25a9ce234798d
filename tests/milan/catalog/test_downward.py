"""Words for the lowest activations are a version of their own set of exemplars."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from milan.catalog import Catalog, draw_unit, unit_record
from milan.errors import CatalogError
from milan.records import Description, LayerExemplars, UnitId

UNIT = UnitId("tiny", "blocks.0", 0)


@pytest.fixture
def signed(
    catalog: Catalog,
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., object],
    thumbnails: dict[str, bytes],
) -> Catalog:
    """Besides `blocks.1`, a layer whose lowest activations were kept."""
    layer = replace(make_layer("blocks.0"), downward=make_layer("blocks.0", seed=1))
    catalog.store_layer("tiny", layer, make_provenance("w0", k=1), thumbnails)
    return catalog


def test_a_unit_has_words_for_its_highest_and_for_its_lowest_activations(
    signed: Catalog, make_description: Callable[..., Description], trust: dict[str, object]
) -> None:
    upward = make_description(0, "a car")
    lowest = make_description(0, "the sky", **trust)
    for downward, said in ((False, upward), (True, lowest)):
        version = signed.start_description("tiny", "blocks.0", {"beams": 5}, {}, downward=downward)
        assert signed.described(version) == set()
        signed.store_descriptions(version, [said])
        signed.finish_description(version)
    unit = signed.unit(UNIT)
    assert (unit.description, unit.downward_description) == (upward, lowest)
    record = unit_record(unit)
    assert (record["description"], record["faithfulness"]) == ("a car", None)
    assert (record["downward_description"], record["downward_faithfulness"]) == ("the sky", 0.333333)
    assert [hit.unit for hit in signed.search("car")] == [UNIT]


def test_a_unit_may_have_words_for_its_lowest_activations_alone(
    signed: Catalog, make_description: Callable[..., Description]
) -> None:
    version = signed.start_description("tiny", "blocks.0", {}, {}, downward=True)
    signed.store_descriptions(version, [make_description(1, "the sky")])
    described = {unit.id.index: unit.downward_description for unit in signed.units("tiny", "blocks.0")}
    assert {index for index, said in described.items() if said is not None} == {1}
    assert signed.unit(UnitId("tiny", "blocks.0", 1)).phrase is None


def test_a_layer_without_lowest_activations_cannot_have_words_for_them(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match=r"tiny/blocks\.1: find them with --signed"):
        catalog.start_description("tiny", "blocks.1", {}, {}, downward=True)


def test_what_is_said_beside_the_phrase_is_a_line_each_and_drawn(
    signed: Catalog, make_description: Callable[..., Description], trust: dict[str, object]
) -> None:
    plain = draw_unit(signed.unit(UNIT)).height
    for downward in (False, True):
        version = signed.start_description("tiny", "blocks.0", {}, {}, downward=downward)
        signed.store_descriptions(version, [make_description(0, "a car", **trust)])
    unit = signed.unit(UNIT)
    assert unit.asides == [
        "2 kinds of pictures: a wheel (2) · a window (1)",
        "By level: top 2 %: a truck · 2 to 10 %: a road",
        "Lowest for: a car (faithfulness 0.33)",
    ]
    assert draw_unit(unit).height > plain
