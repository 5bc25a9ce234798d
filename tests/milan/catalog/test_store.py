"""What is stored comes back, version by version."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from milan.catalog import Catalog
from milan.catalog.tables import Base
from milan.errors import CatalogError, UnknownName, UsageError
from milan.records import LayerExemplars, UnitId, UnitStatus

Make = Callable[..., LayerExemplars]


def assert_same(found: LayerExemplars, stored: LayerExemplars) -> None:
    assert found.layer == stored.layer
    assert tuple(found.paths) == tuple(stored.paths)
    assert found.statuses == stored.statuses
    for name in ("thresholds", "images", "peaks", "maps", "scales"):
        there, here = getattr(found, name), getattr(stored, name)
        assert there.dtype == here.dtype
        np.testing.assert_array_equal(there, here)
    assert found.histograms is not None
    assert stored.histograms is not None
    for unit in range(found.n_units):
        assert found.histograms.of_unit(unit) == stored.histograms.of_unit(unit)
    for there, here in ((found.measured, stored.measured), (found.selected, stored.selected)):
        assert there.images == here.images
        np.testing.assert_allclose(there.mean, here.mean, rtol=1e-3, atol=1e-6)
        np.testing.assert_allclose(there.peak, here.peak, rtol=1e-3, atol=1e-6)


def test_a_layer_comes_back_exactly_but_for_sampled_activations(catalog: Catalog, make_layer: Make) -> None:
    assert_same(catalog.layer_exemplars("tiny", "blocks.1"), make_layer())


def test_numbers_that_are_not_finite_come_back(
    catalog: Catalog, make_layer: Make, make_provenance: Callable[..., object]
) -> None:
    layer = make_layer()
    layer.thresholds[0], layer.thresholds[1] = np.nan, -np.inf
    statuses = (UnitStatus.FAILED, *layer.statuses[1:])
    odd = replace(layer, statuses=statuses)
    catalog.store_layer("tiny", odd, make_provenance(k=9), {})
    assert_same(catalog.layer_exemplars("tiny", "blocks.1"), odd)
    assert catalog.unit(UnitId("tiny", "blocks.1", 0)).status is UnitStatus.FAILED


def test_downward_exemplars_come_back_and_are_lowest_first(
    catalog: Catalog, make_layer: Make, make_provenance: Callable[..., object]
) -> None:
    down = make_layer(seed=3)
    catalog.store_layer("tiny", replace(make_layer(seed=2), downward=down), make_provenance(k=8), {})
    found = catalog.layer_exemplars("tiny", "blocks.1")
    assert found.downward is not None
    assert_same(found.downward, down)
    unit = catalog.unit(UnitId("tiny", "blocks.1", 0))
    assert [e.activation for e in unit.downward] == pytest.approx((-down.peaks[0]).tolist())
    np.testing.assert_array_equal(unit.downward[0].region.map, down.map_of(0, 0))
    assert len(list(catalog.units())) == 5


def test_units_come_by_layer_order_then_index(
    catalog: Catalog, make_layer: Make, make_provenance: Callable[..., object]
) -> None:
    catalog.store_layer("tiny", make_layer("blocks.0", 4), make_provenance(), {})
    assert [str(unit.id) for unit in catalog.units()] == [
        *(f"tiny/blocks.0/{index}" for index in range(4)),
        *(f"tiny/blocks.1/{index}" for index in range(5)),
    ]
    assert [unit.id.index for unit in catalog.units("tiny", "blocks.0")] == [0, 1, 2, 3]


def test_a_unit_has_its_regions_its_thumbnails_and_its_words(
    catalog: Catalog,
    make_layer: Make,
    thumbnails: dict[str, bytes],
    describe: Callable[..., int],
) -> None:
    describe({0: ["a dog", "a cat"]})
    unit, stored = catalog.unit(UnitId("tiny", "blocks.1", 0)), make_layer()
    assert (unit.status, unit.phrase) == (UnitStatus.DESCRIBED, "a dog")
    assert catalog.unit("tiny/blocks.1/0").id == unit.id  # as it is written
    assert [c.phrase for c in unit.candidates] == ["a dog", "a cat"]
    for found, kept in zip(unit.exemplars, stored.of(0), strict=True):
        assert (found.rank, found.activation) == (kept.rank, kept.activation)
        assert found.region.threshold == kept.region.threshold
        np.testing.assert_array_equal(found.region.map, kept.region.map)
        assert unit.thumbnails[found.region.image] == thumbnails[found.region.image]
    with pytest.raises(KeyError):
        unit.thumbnails["elsewhere.jpg"]


def test_undescribed_units_are_pending_and_dead_ones_stay_dead(catalog: Catalog) -> None:
    assert [unit.status for unit in catalog.units()] == ["pending"] * 4 + ["dead"]


def test_a_unit_that_abstains_keeps_its_candidates(
    catalog: Catalog, make_description: Callable[..., object]
) -> None:
    version = catalog.start_description("tiny", "blocks.1", {}, {})
    catalog.store_descriptions(version, [make_description(1, "a", "b", status=UnitStatus.INCONSISTENT)])
    unit = catalog.unit(UnitId("tiny", "blocks.1", 1))
    assert (unit.status, unit.phrase, unit.best) == ("inconsistent", None, None)
    assert [c.phrase for c in unit.candidates] == ["a", "b"]


def test_the_same_settings_go_on_with_the_unfinished_version(
    catalog: Catalog, make_description: Callable[..., object]
) -> None:
    version = catalog.start_description("tiny", "blocks.1", {"beams": 5, "n": 2}, {"milan": "1"})
    catalog.store_descriptions(version, [make_description(2, "a dog")])
    again = catalog.start_description("tiny", "blocks.1", {"n": 2, "beams": 5}, {"milan": "2"})
    assert again == version
    assert catalog.described(version) == {2}
    assert catalog.start_description("tiny", "blocks.1", {"beams": 6}, {}) != version


def test_describing_a_unit_again_in_one_version_replaces_its_words(
    catalog: Catalog, describe: Callable[..., int]
) -> None:
    assert describe({0: ["a dog"], 1: ["a car"]}) == describe({0: ["a wolf"]})
    assert catalog.unit(UnitId("tiny", "blocks.1", 0)).phrase == "a wolf"
    assert catalog.unit(UnitId("tiny", "blocks.1", 1)).phrase == "a car"
    assert catalog.search("dog") == []


def test_the_newest_finished_version_is_shown(
    catalog: Catalog, describe: Callable[..., int], make_description: Callable[..., object]
) -> None:
    unit = UnitId("tiny", "blocks.1", 0)
    describe({0: ["a dog"]}, beams=1)
    describe({0: ["a wolf"]}, beams=2)
    assert catalog.unit(unit).phrase == "a wolf"
    begun = catalog.start_description("tiny", "blocks.1", {"beams": 3}, {})
    catalog.store_descriptions(begun, [make_description(0, "a fox")])
    assert catalog.unit(unit).phrase == "a wolf"
    catalog.finish_description(begun)
    assert catalog.unit(unit).phrase == "a fox"
    describe({}, beams=1)
    assert catalog.unit(unit).phrase == "a dog"


def test_new_exemplars_are_shown_and_wait_for_words_of_their_own(
    catalog: Catalog,
    make_layer: Make,
    make_provenance: Callable[..., object],
    describe: Callable[..., int],
) -> None:
    describe({0: ["a dog"]})
    old, new = make_provenance(), make_provenance(k=2)
    catalog.store_layer("tiny", make_layer(k=2, seed=4), new, {})
    assert catalog.has_layer("tiny", "blocks.1", new.key())
    assert not catalog.has_layer("tiny", "blocks.1", old.key())
    assert catalog.unit(UnitId("tiny", "blocks.1", 0)).status == "pending"
    catalog.store_layer("tiny", make_layer(), old, {})
    assert catalog.unit(UnitId("tiny", "blocks.1", 0)).phrase == "a dog"


def n_rows(catalog: Catalog) -> list[int | None]:
    with catalog._storage.reading() as connection:
        tables = Base.metadata.sorted_tables
        return [connection.scalar(select(func.count()).select_from(table)) for table in tables]


def test_storing_a_layer_twice_changes_nothing(
    catalog: Catalog, make_layer: Make, make_provenance: Callable[..., object], thumbnails: dict[str, bytes]
) -> None:
    before = n_rows(catalog)
    catalog.store_layer("tiny", make_layer(), make_provenance(), thumbnails)
    assert len(list(catalog.units())) == 5
    assert n_rows(catalog) == before


def test_a_name_belongs_to_one_set_of_weights(
    catalog: Catalog, make_provenance: Callable[..., object]
) -> None:
    catalog.add_network("tiny", make_provenance(), ["blocks.0"])
    with pytest.raises(CatalogError, match=r"'tiny'.*--name.*--fresh"):
        catalog.add_network("tiny", make_provenance("other"), ["blocks.0"])


def test_names_that_no_address_can_hold_are_refused_before_anything_is_stored(
    catalog: Catalog, make_layer: Make, make_provenance: Callable[..., object]
) -> None:
    with pytest.raises(UsageError, match="network/layer/index"):
        catalog.add_network("a/b", make_provenance(), ["blocks.0"])
    with pytest.raises(UnknownName, match="no layer 'blocks/2'"):
        catalog.store_layer("tiny", make_layer("blocks/2"), make_provenance(), {})
    assert len(list(catalog.units())) == 5


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("tinny/blocks.1/0", "Did you mean 'tiny'"),
        ("tiny/block.1/0", r"Did you mean 'blocks\.1'\? The catalog has exemplars of: blocks\.1\.$"),
        ("tiny/blocks.1/5", "units are 0 to 4"),
        ("tiny/blocks.0/0", r"holds no unit of this layer yet; it has exemplars of: blocks\.1\.$"),
    ],
)
def test_a_unit_that_is_not_there_is_told_with_what_is(catalog: Catalog, unit: str, said: str) -> None:
    with pytest.raises(UnknownName, match=said):
        catalog.unit(UnitId.parse(unit))


def test_a_layer_without_exemplars_is_told_plainly(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match=r"no exemplars of tiny/blocks\.0 yet"):
        catalog.layer_exemplars("tiny", "blocks.0")
    with pytest.raises(UnknownName, match=r"blocks\.1"):
        list(catalog.units(layer="blocks.7"))
    assert not catalog.has_layer("nobody", "nothing", "key")


def test_reading_goes_on_from_one_view_while_others_write(
    catalog: Catalog, describe: Callable[..., int]
) -> None:
    units: Iterator[object] = catalog.units()
    next(units)
    describe({index: ["a dog"] for index in range(4)})
    assert [unit.status for unit in units] == ["pending"] * 3 + ["dead"]


def test_fresh_starts_over(catalog: Catalog, place: str) -> None:
    catalog.close()
    with Catalog.open(place, fresh=True) as anew:
        assert list(anew.units()) == []
