"""The database: recognised, migrated, shared, and every refusal in one line that shows no password."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from services.postgresql import Cluster

from milan.catalog import Catalog, export
from milan.catalog.tables import Base
from milan.errors import (
    CatalogError,
    DataError,
    MilanError,
    NewerCatalog,
    NotACatalog,
    StorageFull,
    UsageError,
)
from milan.places import CatalogPlace
from milan.records import Provenance, UnitId


def name_of(database: str) -> str:
    return database.rpartition("/")[2]


def add_network(catalog: Catalog, name: str) -> None:
    catalog.add_network(name, Provenance("timm:tiny", "w0", {}, "d0", {}, {}), ["blocks.0"])


@pytest.fixture
def made(database: str) -> str:
    """A catalog of one network without units."""
    with Catalog.open(database, create=True) as catalog:
        add_network(catalog, "tiny")
    return database


@pytest.fixture
def role(cluster: Cluster, database: str) -> Iterator[Callable[[str], str]]:
    """`role("reader")` makes a role that may connect; the address of the database for it."""
    made: list[str] = []

    def make(name: str) -> str:
        cluster.run(f"CREATE ROLE {name} LOGIN PASSWORD 'its secret'")
        made.append(name)
        return cluster.address(name_of(database), name, "its%20secret")

    yield make
    for name in made:
        cluster.run(f"DROP OWNED BY {name}; DROP ROLE {name}", name_of(database))


def told(kind: type[MilanError], place: str, *, create: bool = False) -> str:
    """The line of an error, which shows no password."""
    with pytest.raises(kind) as error:
        Catalog.open(place, create=create)
    line = str(error.value)
    assert line.startswith(str(CatalogPlace.parse(place)))
    assert "\n" not in line
    secret = place.partition("://")[2].rpartition("@")[0].partition(":")[2]
    assert not secret or secret not in line
    return line


def test_a_missing_catalog_is_told_with_what_makes_one(database: str) -> None:
    assert "no such catalog; make one: milan describe" in told(DataError, database)
    Catalog.check(database)
    assert "no such catalog" in told(DataError, database), "checking makes nothing"


def test_a_database_that_is_not_there_is_told(cluster: Cluster) -> None:
    line = told(CatalogError, cluster.address("none"), create=True)
    assert line.endswith('cannot be reached (database "none" does not exist)')


def test_a_server_that_does_not_answer_is_told(cluster: Cluster) -> None:
    place = cluster.address("none").replace(f":{cluster.port}/", ":1/")
    assert told(CatalogError, place).endswith("cannot be reached (Connection refused)")


def test_a_wrong_password_is_told_and_not_shown(cluster: Cluster, database: str) -> None:
    line = told(CatalogError, cluster.address(name_of(database), password="mistyped"))
    assert "password authentication failed" in line
    assert ":***@" in line


def test_an_address_that_names_no_place_is_told() -> None:
    for place in ("postgresql://", "postgresql://ann:secret@db", "postgresql://ann:secret@db:port/x"):
        told(UsageError, place)


def test_other_tables_are_left_alone(cluster: Cluster, database: str) -> None:
    cluster.run("CREATE SCHEMA milan CREATE TABLE song (title text)", name_of(database))
    for create in (False, True):
        assert "holds other tables; give one of its own: ?schema=NAME" in told(
            NotACatalog, database, create=create
        )
    with pytest.raises(NotACatalog):
        Catalog.open(database, fresh=True)
    assert cluster.run("SELECT count(*) FROM milan.song", name_of(database)) == "0"


def test_a_catalog_of_a_newer_version_is_refused_even_to_fresh(cluster: Cluster, made: str) -> None:
    cluster.run("UPDATE milan.alembic_version SET version_num = '9999'", name_of(made))
    assert "pip install -U" in told(NewerCatalog, made)
    with pytest.raises(NewerCatalog):
        Catalog.open(made, fresh=True)


def test_the_migrations_make_the_tables_that_the_code_reads(made: str) -> None:
    beside = {"description_text", "written"}
    options = {"include_name": lambda name, kind, _: kind != "table" or name not in beside}
    with Catalog.open(made) as catalog, catalog._storage.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_two_catalogs_share_a_database_each_in_its_schema(made: str, cluster: Cluster) -> None:
    with Catalog.open(f"{made}?schema=second", create=True) as second:
        add_network(second, "other")
    assert cluster.run("SELECT name FROM milan.network", name_of(made)) == "tiny"
    assert cluster.run("SELECT name FROM second.network", name_of(made)) == "other"
    with Catalog.open(f"{made}?schema=second", fresh=True):
        pass
    assert cluster.run("SELECT count(*) FROM second.network", name_of(made)) == "0"
    assert cluster.run("SELECT count(*) FROM milan.network", name_of(made)) == "1"


def test_a_role_without_rights_is_told(made: str, role: Callable[[str], str]) -> None:
    assert "the role 'nobody' may not read here" in told(CatalogError, role("nobody"))


def test_a_role_that_may_not_make_a_catalog_is_told_before_long_work(role: Callable[[str], str]) -> None:
    place = role("maker")
    for attempt in (lambda: Catalog.check(place), lambda: Catalog.open(place, create=True)):
        with pytest.raises(CatalogError, match="the role 'maker' may not write here; ask the owner"):
            attempt()


def test_a_reader_reads_and_does_not_write(made: str, role: Callable[[str], str], cluster: Cluster) -> None:
    place = role("reader")
    cluster.run(
        "GRANT USAGE ON SCHEMA milan TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA milan TO reader",
        name_of(made),
    )
    with Catalog.open(place) as catalog:
        assert list(catalog.units()) == []
        assert catalog.search("dog", embed=lambda phrases: [[1.0] for _ in phrases]) == []  # type: ignore[arg-type, return-value]
        with pytest.raises(CatalogError, match=r"may not do that here \(permission denied"):
            add_network(catalog, "mine")
    with pytest.raises(CatalogError, match="the role 'reader' may not write here"):
        Catalog.check(place)


def test_a_text_that_postgresql_cannot_keep_is_told(made: str) -> None:
    with Catalog.open(made) as catalog, pytest.raises(CatalogError, match="cannot keep this text"):
        add_network(catalog, "a\0b")


def test_a_connection_that_is_ended_is_told_and_the_next_one_works(made: str, cluster: Cluster) -> None:
    def read_while_it_ends(catalog: Catalog) -> None:
        with catalog._storage.reading() as connection:
            cluster.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'milan'"
            )
            connection.exec_driver_sql("SELECT 1")

    with Catalog.open(made) as catalog:
        with pytest.raises(CatalogError, match=r"ended the work \(terminating connection"):
            read_while_it_ends(catalog)
        assert list(catalog.units()) == []


KILLED = """
import os, sys
from sqlalchemy import event
from milan.catalog import Catalog
from milan.records import Provenance
catalog = Catalog.open(sys.argv[1])
event.listen(catalog._storage.engine, "commit", lambda connection: os._exit(9))
catalog.add_network("lost", Provenance("timm:tiny", "w0", {}, "d0", {}, {}), ["blocks.0"])
"""


def test_a_kill_within_a_transaction_leaves_what_was_finished_and_lets_others_write(
    made: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", KILLED, made]
    assert subprocess.run(command, timeout=120, check=False).returncode == 9
    with Catalog.open(made) as catalog:
        add_network(catalog, "next")
        with pytest.raises(MilanError, match=r"no network 'lost'.*next, tiny"):
            catalog.unit(UnitId("lost", "blocks.0", 0))
        assert export(catalog, "jsonl", tmp_path / "units.jsonl") == 0


FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"


def test_a_full_disk_is_told(made: str) -> None:
    with (
        Catalog.open(made) as catalog,
        pytest.raises(StorageFull, match=r"disk is full \(could not extend"),
        catalog._storage.writing() as connection,
    ):
        connection.exec_driver_sql(FULL)
