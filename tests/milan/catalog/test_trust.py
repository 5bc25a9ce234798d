"""How far words can be trusted is kept exactly, with pictures of what speaks against them."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from milan.catalog import Catalog
from milan.catalog.trust import read_trust, write_trust
from milan.errors import CatalogError
from milan.records import Description, Explanation, Faithfulness, UnitId, UnitStatus

Make = Callable[..., Description]
UNIT = UnitId("tiny", "blocks.1", 0)


def store(catalog: Catalog, description: Description, thumbnails: dict[str, bytes] | None = None) -> None:
    version = catalog.start_description("tiny", "blocks.1", {}, {})
    catalog.store_descriptions(version, [description], thumbnails)


def columns(path: Path) -> tuple[float | None, str | None]:
    with closing(sqlite3.connect(path)) as file:
        (row,) = file.execute("SELECT faithfulness, trust FROM description")
    return row


def test_all_that_is_said_of_trust_comes_back_exactly(
    catalog: Catalog, path: Path, make_description: Make, trust: dict[str, object]
) -> None:
    said = make_description(0, "a car", "a bus", **trust)
    store(catalog, said)
    assert catalog.unit(UNIT).description == said
    faithfulness, stored = columns(path)
    assert faithfulness == 1 / 3
    assert stored == json.dumps(json.loads(stored or ""), sort_keys=True)


def test_where_nothing_is_stated_nothing_is_stored(
    catalog: Catalog, path: Path, make_description: Make
) -> None:
    said = make_description(0, "a car")
    store(catalog, said)
    assert catalog.unit(UNIT).description == said
    assert columns(path) == (None, None)


@pytest.mark.parametrize(
    "field",
    ["faithfulness", "explanation", "explanation_faithfulness", "counter_exemplars", "meanings", "bands"],
)
def test_each_field_is_read_back_from_its_json_alone(
    make_description: Make, trust: dict[str, object], field: str
) -> None:
    said = make_description(0, "a car", **{field: trust[field]})
    assert read_trust(json.loads(json.dumps(write_trust(said)))) == {field: trust[field]}


def test_an_explanation_without_terms_is_not_a_missing_one(make_description: Make) -> None:
    said = make_description(0, "a car", explanation=Explanation(()))
    assert read_trust(write_trust(said)) == {"explanation": Explanation(())}


def test_a_unit_that_abstains_keeps_the_figure_of_its_best_candidate(
    catalog: Catalog, make_description: Make, make_faithfulness: Callable[[float], Faithfulness]
) -> None:
    low = make_faithfulness(0.01)
    store(catalog, make_description(0, "a car", status=UnitStatus.INCONSISTENT, faithfulness=low))
    unit = catalog.unit(UNIT)
    assert (unit.phrase, unit.faithfulness) == (None, low)
    assert [candidate.phrase for candidate in unit.candidates] == ["a car"]


def test_pictures_of_counter_exemplars_are_stored_beside_those_of_exemplars(
    catalog: Catalog, make_description: Make, trust: dict[str, object]
) -> None:
    before = {image: catalog.unit(UNIT).thumbnails[image] for image in catalog.unit(UNIT).thumbnails}
    said = make_description(0, "a car", **trust)
    counters = [counter.image for counter in said.counter_exemplars]
    new = {image: f"picture of {image}".encode() for image in counters}
    store(catalog, said, new)
    unit = catalog.unit(UNIT)
    held = {image for other in catalog.units() for image in (e.region.image for e in other.exemplars)}
    assert set(counters) - held, "the layer holds all pictures, so this test shows nothing"
    for image in counters:
        if image not in held:
            assert unit.thumbnails[image] == new[image]
    assert {image: unit.thumbnails[image] for image in before} == before
    with pytest.raises(KeyError):
        catalog.unit(UnitId("tiny", "blocks.1", 1)).thumbnails["elsewhere.jpg"]


def test_a_counter_exemplar_without_a_picture_is_named_all_the_same(
    catalog: Catalog, make_layer: Callable[..., object], make_provenance: Callable[..., object],
    make_description: Make, trust: dict[str, object],
) -> None:  # fmt: skip
    catalog.store_layer("tiny", make_layer("blocks.0", 3, k=1), make_provenance("w0", k=1), {})
    version = catalog.start_description("tiny", "blocks.0", {}, {})
    said = make_description(0, "a car", **trust)
    catalog.store_descriptions(version, [said])
    unit = catalog.unit(UnitId("tiny", "blocks.0", 0))
    assert unit.description == said
    assert isinstance(unit.thumbnails.get(said.counter_exemplars[0].image), bytes | None)


def test_the_picture_of_an_image_that_the_layer_was_not_shown_is_refused(
    catalog: Catalog, make_description: Make
) -> None:
    with pytest.raises(CatalogError, match=r"not shown 'elsewhere\.jpg'"):
        store(catalog, make_description(0, "a car"), {"elsewhere.jpg": b"picture"})
    assert catalog.unit(UNIT).description is None
