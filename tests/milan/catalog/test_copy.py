"""A catalog at another place: every export is the same byte by byte, and work goes on there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from milan.catalog import Catalog, export
from milan.errors import CatalogError
from milan.records import Opinion, UnitId
from milan.surfaces.cli import app

UNIT = UnitId("tiny", "blocks.1", 0)


def vote(place: str, author: str) -> None:
    with Catalog.open(place) as opened:
        opened.add_opinion(Opinion(UNIT, author, "2026-01-01T00:00:00+00:00", True, "a dog", None))


def exported(place: str, folder: Path) -> dict[str, bytes]:
    with Catalog.open(place) as opened:
        found = {}
        for kind in ("jsonl", "csv", "parquet"):
            export(opened, kind, folder / f"units.{kind}")
            found[kind] = (folder / f"units.{kind}").read_bytes()
    return found


def elsewhere(place: str) -> str:
    """Another place of the same kind."""
    return f"{place}?schema=copied" if "://" in place else f"{place}.copied"


@pytest.fixture
def filled(
    catalog: Catalog, make_description: Callable[..., object], trust: dict[str, object], place: str
) -> str:
    """A described catalog with an opinion."""
    version = catalog.start_description("tiny", "blocks.1", {"beams": 5}, {"milan": "0"})
    catalog.store_descriptions(
        version, [make_description(0, "a running dog", "a café", **trust), make_description(2, "a car")]
    )
    catalog.finish_description(version)
    catalog.index_meanings(lambda phrases: [[float(len(phrase)), 1.0] for phrase in phrases])
    catalog.close()
    vote(place, "Ann")
    return place


def test_exports_are_the_same_there_and_back(filled: str, tmp_path: Path) -> None:
    between, back = str(tmp_path / "between.db"), elsewhere(filled)
    for source, target in ((filled, between), (between, back)):
        done = CliRunner().invoke(app, ["copy", source, target])
        assert done.exit_code == 0, done.output
    assert exported(filled, tmp_path) == exported(between, tmp_path) == exported(back, tmp_path)
    with Catalog.open(filled) as first, Catalog.open(back) as last:
        for asked in ("run", "cafe", "car"):
            assert [hit.as_dict() for hit in last.search(asked)] == [
                hit.as_dict() for hit in first.search(asked)
            ]
        assert last.opinions() == first.opinions()
        assert last.unit(UNIT).thumbnails == first.unit(UNIT).thumbnails


def test_work_goes_on_in_the_copy(filled: str, make_description: Callable[..., object]) -> None:
    with Catalog.open(filled) as opened:
        opened.copy(elsewhere(filled))
    vote(elsewhere(filled), "Bob")
    with Catalog.open(elsewhere(filled)) as copied:
        assert [opinion.author for opinion in copied.opinions()] == ["Bob", "Ann"]
        version = copied.start_description("tiny", "blocks.1", {"beams": 6}, {})
        copied.store_descriptions(version, [make_description(0, "a wolf")])
        copied.finish_description(version)
        assert [hit.snippet for hit in copied.search("wolf")] == ["a wolf"]
        assert copied.search("dog") == []


def test_a_place_that_holds_a_catalog_is_left_alone(filled: str) -> None:
    with Catalog.open(filled) as opened:
        opened.copy(elsewhere(filled))
        with pytest.raises(CatalogError, match="holds a catalog already; copy to a place that has none"):
            opened.copy(elsewhere(filled))
    done = CliRunner().invoke(app, ["copy", filled, filled])
    assert done.exit_code == 1
    assert "holds a catalog already" in done.stderr
