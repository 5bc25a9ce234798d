from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from milan.catalog import Catalog
from milan.errors import CatalogError, DataError
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.records import Candidate, Description, UnitId, UnitStatus
from milan.uses import DescribeOptions, describe_network
from milan.uses.rebuild import RebuildOptions, Rebuilt, rebuild_unit

RED = UnitId("colours", "0", 0)


@pytest.fixture
def catalog(network: Network, photos: Path, tmp_path: Path) -> Path:
    path = tmp_path / "units.db"
    options = DescribeOptions(
        layers=("0", "1"), captioner=None, exemplars=ExemplarSettings(k=4, batch_size=4, quantile=0.98)
    )
    describe_network(network, photos, path, options)
    return path


def rebuilt(catalog: Path, network: Network, photos: Path) -> Rebuilt:
    return rebuild_unit(catalog, RED, lambda layer: network, RebuildOptions(photos))


def test_what_nothing_changed_is_the_same_and_the_catalog_is_only_read(
    catalog: Path, network: Network, photos: Path
) -> None:
    before = catalog.read_bytes()
    again = rebuilt(catalog, network, photos)
    assert again.is_same
    assert (again.was, again.now, again.makers) == ("pending", "pending", ())
    assert again.lines()[0] == "colours/0/0: same"
    assert catalog.read_bytes() == before


def test_other_weights_are_named_and_what_they_change_is_told(
    catalog: Path, network: Network, photos: Path
) -> None:
    with torch.no_grad():
        network.module.get_submodule("0").weight[0] *= -1  # type: ignore[operator]
    again = rebuilt(catalog, replace(network), photos)
    assert not again.is_same
    assert [line.partition(":")[0] for line in again.makers] == ["weights_hash"]
    assert any(line.startswith("exemplars: ") for line in again.differences)


def test_an_image_that_changed_is_told_and_one_that_is_gone_ends_it(
    catalog: Path, network: Network, photos: Path
) -> None:
    Image.fromarray(np.zeros((32, 32, 3), np.uint8)).save(photos / "03.png")
    again = rebuilt(catalog, network, photos)
    assert [line.partition(":")[0] for line in again.makers] == ["dataset_hash"]
    (photos / "03.png").unlink()
    with pytest.raises(DataError, match=r"03\.png: No such file"):
        rebuilt(catalog, network, photos)


def test_an_unknown_unit_and_what_images_did_not_make_are_refused(
    catalog: Path, network: Network, photos: Path
) -> None:
    with Catalog.open(catalog) as store:
        version = store.start_description("colours", "0", {}, {})
        words = (Candidate("red paint", 0.0, -1.0, -2.0, "bank"),)
        store.store_descriptions(version, [Description(0, UnitStatus.DESCRIBED, 0.5, words)])
        store.finish_description(version)
    with pytest.raises(CatalogError, match="did not write"):
        rebuilt(catalog, network, photos)
    with Catalog.open(catalog) as store:
        preview = store.layers()[0].provenance.as_preview(4)
        store.store_layer("colours", store.layer_exemplars("colours", "0"), preview, {})
    with pytest.raises(CatalogError, match="a preview of a run"):
        rebuilt(catalog, network, photos)


def test_numbers_within_a_thousandth_are_the_same(catalog: Path) -> None:
    from milan.uses.rebuild.differences import differences_of, differences_of_makers

    with Catalog.open(catalog) as store:
        unit = store.unit(RED)
    assert not list(differences_of(unit, replace(unit, threshold=unit.threshold * 1.0009)))
    (line,) = differences_of(unit, replace(unit, threshold=unit.threshold * 1.01))
    assert line.startswith("threshold: ")
    assert list(differences_of_makers({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": None}})) == [
        "a.c: 2 -> nothing"
    ]
