"""The file: recognised, migrated, locked, and whole after every accident."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event

from milan.catalog import Catalog, export
from milan.catalog.backends import MIGRATIONS, NEWEST, open_storage
from milan.catalog.tables import Base
from milan.errors import (
    CatalogBusy,
    CatalogError,
    DataError,
    NewerCatalog,
    NotACatalog,
    StorageFull,
    UsageError,
)
from milan.places import CatalogPlace
from milan.records import Opinion, UnitId


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_missing_catalog_is_told_with_what_makes_one(path: Path) -> None:
    with pytest.raises(DataError, match=r"units.db: no such catalog; make one: milan describe"):
        Catalog.open(path)
    assert list(path.parent.iterdir()) == []


def test_a_catalog_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        Catalog.open(tmp_path / "no" / "units.db", create=True)


def test_checking_a_place_makes_nothing_and_tells_what_opening_would(path: Path, tmp_path: Path) -> None:
    Catalog.check(path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="there is no folder"):
        Catalog.check(tmp_path / "no" / "units.db")
    assert list(tmp_path.iterdir()) == []
    path.write_text("my shopping list")
    with pytest.raises(NotACatalog):
        Catalog.check(path)


def test_a_folder_that_cannot_be_written_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("milan.catalog.backends.sqlite.FileLock.acquire", refused)
    with pytest.raises(CatalogError, match=r"cannot be written \(Permission denied\)"):
        Catalog.check(path)


def test_checking_a_catalog_that_is_being_written_tells_it(catalog: Catalog, path: Path) -> None:
    with pytest.raises(CatalogBusy):
        Catalog.check(path)
    catalog.close()
    Catalog.check(path)
    assert [file.name for file in path.parent.iterdir()] == ["units.db"]


def test_json_columns_do_not_depend_on_the_order_of_keys(
    catalog: Catalog,
    path: Path,
    make_layer: Callable[..., object],
    make_provenance: Callable[..., object],
) -> None:
    first = make_provenance()
    turned = replace(first, settings={"layers": [], "k": 4}, preprocessing={"b": 1, "a": 2})
    catalog.store_layer("tiny", make_layer(), turned, {})
    catalog.start_description("tiny", "blocks.1", {"n": 2, "beams": 5}, {"torch": "2", "faiss": "1"})
    reader = sqlite3.connect(path)
    columns = [
        *reader.execute("SELECT provenance FROM exemplar_set"),
        *reader.execute("SELECT settings FROM description_version"),
        *reader.execute("SELECT versions FROM description_version"),
    ]
    reader.close()
    assert len(columns) == 4
    for (stored,) in columns:
        assert stored == json.dumps(json.loads(stored), sort_keys=True)


def test_an_empty_file_becomes_a_catalog_when_asked(path: Path) -> None:
    path.touch()
    with pytest.raises(NotACatalog):
        Catalog.open(path)
    with Catalog.open(path, create=True) as made:
        assert list(made.units()) == []


@pytest.mark.parametrize("name", ["what?.db", "100%.db", "a b#c.db", "\u0544\u056b\u056c\u0561\u0576.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with Catalog.open(tmp_path / name, create=True) as made:
        assert list(made.units()) == []
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_catalog_that_was_moved_away_is_told_and_not_made_anew(catalog: Catalog, path: Path) -> None:
    unit = next(catalog.units())
    catalog.close()
    path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(CatalogError, match="cannot be used here"):
        unit.thumbnails.get(unit.exemplars[0].region.image)
    assert not path.exists()


def _text(path: Path) -> None:
    path.write_text("not a database, and long enough to be looked at")


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    other.close()


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [_text, _other_database, _folder])
@pytest.mark.parametrize("options", [{}, {"create": True}, {"fresh": True}])
def test_another_kind_of_file_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], None], options: dict[str, bool]
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(NotACatalog, match=r"units\.db"):
        Catalog.open(path, **options)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_catalog_of_a_newer_version_is_refused_even_to_fresh(catalog: Catalog, path: Path) -> None:
    catalog.close()
    newer = sqlite3.connect(path)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    for options in ({}, {"fresh": True}):
        with pytest.raises(NewerCatalog, match=r"9999.*pip install -U"):
            Catalog.open(path, **options)


def test_a_damaged_catalog_is_told_in_one_line(catalog: Catalog, path: Path) -> None:
    catalog.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(NotACatalog, match=r"units\.db"):
        Catalog.open(path)


def test_the_migrations_make_the_tables_that_the_code_reads(catalog: Catalog, path: Path) -> None:
    with open_storage(CatalogPlace.parse(path)).reading() as connection:
        differences = compare_metadata(
            MigrationContext.configure(
                connection, opts={"include_name": lambda name, kind, _: not _is_full_text(name, kind)}
            ),
            Base.metadata,
        )
    assert differences == []
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [NEWEST]


def _is_full_text(name: str | None, kind: str) -> bool:
    return kind == "table" and (name or "").startswith("description_text")


def test_a_second_writer_gets_one_clear_line_and_readers_go_on(catalog: Catalog, path: Path) -> None:
    code = """
import sys
from milan.catalog import Catalog
from milan.errors import CatalogBusy
catalog = Catalog.open(sys.argv[1])
print(len(list(catalog.units())))
try:
    catalog.start_description("tiny", "blocks.1", {}, {})
except CatalogBusy as error:
    print(error)
"""
    done = run(code, path)
    assert done.stdout.splitlines() == [
        "5",
        f"{path}: another process is writing to this catalog. Wait for it, or give another --catalog.",
    ]
    with pytest.raises(CatalogBusy):
        Catalog.open(path, fresh=True)
    catalog.close()
    with Catalog.open(path) as other:
        assert other.start_description("tiny", "blocks.1", {}, {}) > 0
    assert [file.name for file in path.parent.iterdir()] == ["units.db"]


def test_a_kill_within_a_transaction_leaves_what_was_finished(
    catalog: Catalog, path: Path, tmp_path: Path
) -> None:
    export(catalog, "jsonl", tmp_path / "before.jsonl")
    catalog.close()
    code = """
import os, sys
from sqlalchemy import event
from milan.catalog import Catalog
from milan.records import Candidate, Description, UnitStatus
catalog = Catalog.open(sys.argv[1])
version = catalog.start_description("tiny", "blocks.1", {}, {})
event.listen(catalog._storage.engine, "commit", lambda connection: os._exit(9))
words = [Description(0, UnitStatus.DESCRIBED, 0.2, (Candidate("lost", 1.0, 0.0, 0.0, "bank"),))]
catalog.store_descriptions(version, words)
"""
    assert run(code, path).returncode == 9
    with Catalog.open(path) as again:
        export(again, "jsonl", tmp_path / "after.jsonl")
        assert again.search("lost") == []
        again.start_description("tiny", "blocks.1", {"more": 1}, {})
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No database may grow beyond what it is, as on a full disk."""

    def stop(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(Engine, "connect", stop)
    yield
    event.remove(Engine, "connect", stop)


def test_a_full_disk_is_told_and_what_was_stored_stays(
    catalog: Catalog,
    path: Path,
    make_layer: Callable[..., object],
    make_provenance: Callable[..., object],
    full_disk: None,
) -> None:
    with pytest.raises(StorageFull, match=r"disk is full.*run the same command again"):
        catalog.store_layer("tiny", make_layer("blocks.0", 400), make_provenance(), {})
    catalog.close()
    with Catalog.open(path) as again:
        assert len(list(again.units())) == 5


def test_a_database_without_its_driver_is_told_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"needs psycopg: pip install 'milan-neurons\[postgres\]'"):
        Catalog.open("postgresql://ann:secret@127.0.0.1:1/vision")


def test_threads_that_write_wait_for_one_another(path: Path, catalog: Catalog) -> None:
    catalog.close()
    with Catalog.open(path) as served:
        unit = UnitId("tiny", "blocks.1", 0)
        said = [Opinion(unit, f"author {n}", "2026-01-01", None, None, "words") for n in range(24)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(served.add_opinion, said))
        assert len(served.opinions()) == 24
