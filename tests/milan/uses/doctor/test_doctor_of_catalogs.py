import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from milan.catalog import Catalog, TroubleKind
from milan.errors import DataError
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.records import Candidate, Description, UnitStatus
from milan.uses import DescribeOptions, describe_network
from milan.uses.doctor import Level, examine_catalog, repair_catalog


@pytest.fixture
def catalog(network: Network, photos: Path, tmp_path: Path) -> Path:
    """A sound one, with words for a unit."""
    path = tmp_path / "units.db"
    options = DescribeOptions(layers=("0",), captioner=None, exemplars=ExemplarSettings(k=3, batch_size=4))
    describe_network(network, photos, path, options)
    with Catalog.open(path) as store:
        version = store.start_description("colours", "0", {}, {})
        candidates = (
            Candidate("red paint", 0.0, -1.0, -2.0, "bank"),
            Candidate("rust", -1.0, -2.0, -2.0, "bank"),
        )
        store.store_descriptions(version, [Description(0, UnitStatus.DESCRIBED, 0.5, candidates)])
        store.finish_description(version)
    return path


def spoil(path: Path, *statements: str) -> None:
    """What no method of a catalog does."""
    with closing(sqlite3.connect(path)) as writer, writer:
        for statement in statements:
            writer.execute(statement)


def troubles_of(path: Path) -> dict[TroubleKind, int]:
    with Catalog.open(path) as store:
        return {trouble.kind: trouble.count for trouble in store.troubles()}


def test_a_sound_catalog_is_fine_and_says_what_it_holds(catalog: Path) -> None:
    (finding,) = examine_catalog(catalog)
    assert finding.level is Level.FINE
    assert "1 networks, 1 layers, 4 units" in finding.line


def test_rows_that_belong_to_none_are_found_and_removed_after_a_copy(catalog: Path) -> None:
    spoil(catalog, "DELETE FROM description_version")
    assert troubles_of(catalog) == {TroubleKind.ORPHANED: 1}
    found = [finding for finding in examine_catalog(catalog) if finding.level is Level.PROBLEM]
    assert "1 of description without description_version" in found[0].line
    before = catalog.read_bytes()
    backup = repair_catalog(catalog)
    assert backup.name == "units.db.backup-1"
    assert len(backup.read_bytes()) == len(before)
    assert troubles_of(catalog) == {}
    assert troubles_of(backup) == {TroubleKind.ORPHANED: 1}


def test_words_that_search_lost_are_found_again_after_a_repair(catalog: Path) -> None:
    spoil(catalog, "DELETE FROM description_text")
    assert troubles_of(catalog) == {TroubleKind.UNINDEXED: 1}
    repair_catalog(catalog)
    with Catalog.open(catalog) as store:
        assert store.troubles() == []
        assert [str(hit.unit) for hit in store.search("paint")] == ["colours/0/0"]
        assert [str(hit.unit) for hit in store.search("rust")] == ["colours/0/0"]


def test_missing_pictures_are_told_and_not_mended(catalog: Path) -> None:
    spoil(catalog, "UPDATE picture SET thumbnail = NULL WHERE number = (SELECT min(number) FROM picture)")
    (problem,) = (finding for finding in examine_catalog(catalog) if finding.level is Level.PROBLEM)
    assert "have no picture (colours/0/" in problem.line
    assert "--fresh" in problem.remedy


def test_words_that_were_begun_are_a_note(catalog: Path) -> None:
    spoil(catalog, "UPDATE description_version SET turn = 0")
    (note,) = (finding for finding in examine_catalog(catalog) if finding.level is not Level.FINE)
    assert note.level is Level.NOTE
    assert "colours/0: words were begun" in note.line


def test_a_damaged_file_is_a_problem_and_a_missing_one_a_mistake(catalog: Path, tmp_path: Path) -> None:
    content = bytearray(catalog.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    catalog.write_bytes(content)
    assert any(finding.level is Level.PROBLEM for finding in examine_catalog(catalog))
    with pytest.raises(DataError, match="no such catalog"):
        examine_catalog(tmp_path / "none.db")


def test_an_unfinished_preview_is_a_note(network: Network, photos: Path, catalog: Path) -> None:
    with Catalog.open(catalog) as store:
        layer = store.layers()[0]
        exemplars = replace(store.layer_exemplars("colours", "0"))
        store.store_layer("colours", exemplars, layer.provenance.as_preview(4), {})
    assert troubles_of(catalog)[TroubleKind.UNFINISHED] == 1
