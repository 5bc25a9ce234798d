"""Where a catalog is: files stay files, and a password is never shown."""

from pathlib import Path

import pytest

from milan.errors import UsageError
from milan.places import CatalogPlace, without_password


@pytest.mark.parametrize("text", ["units.db", "/a/b c.db", "C:\\units.db", "postgres.db", "a:b.db"])
def test_a_path_stays_a_path(text: str) -> None:
    place = CatalogPlace.parse(text)
    assert not place.is_database
    assert place.path == Path(text)
    assert str(place) == text


@pytest.mark.parametrize(
    "text", ["postgresql+psycopg://ann@db/vision", "postgresql://ann@db/vision", "POSTGRES://ann@db/vision"]
)
def test_an_address_of_a_database_is_understood_however_its_driver_is_named(text: str) -> None:
    place = CatalogPlace.parse(text)
    assert (place.is_database, place.name, place.schema) == (True, "vision", "milan")
    assert str(place) == "postgresql+psycopg://ann@db/vision"
    assert CatalogPlace.parse(place) == place == CatalogPlace.parse(Path(text))


def test_a_schema_is_named_in_the_address() -> None:
    place = CatalogPlace.parse("postgresql://ann@db/vision?schema=team_2")
    assert (place.schema, place.name) == ("team_2", "vision, team_2")


@pytest.mark.parametrize("schema", ["pg_own", "a-b", 'a"b', "1st", "a" * 64])
def test_a_name_that_no_schema_has_is_refused(schema: str) -> None:
    with pytest.raises(UsageError, match="no name of a schema"):
        CatalogPlace.parse(f"postgresql://ann:secret@db/vision?schema={schema}")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg://ann:secret@db/vision",
        "postgresql://ann:sec@secret@db/vision",
        "postgresql://ann:secret/vision",
        "postgresql://ann@db/vision?password=secret&schema=x",
        "postgresql:/ann:secret@db/vision",
    ],
)
def test_a_password_is_shown_nowhere(text: str) -> None:
    place = CatalogPlace.parse(text)
    assert "secret" not in f"{place} {place!r} {place.name}"
    assert "***" in str(place)
    assert "secret" in place.address


def test_a_port_is_no_password() -> None:
    assert without_password("postgresql://db:5433/vision") == "postgresql://db:5433/vision"
    assert without_password("postgresql://[::1]:5433/vision") == "postgresql://[::1]:5433/vision"


@pytest.mark.parametrize("text", ["mysql://ann:secret@db/x", "sqlite:///units.db", "http://db/x"])
def test_another_kind_of_address_is_told_with_what_there_is(text: str) -> None:
    with pytest.raises(UsageError, match="a catalog is a file, or postgresql") as told:
        CatalogPlace.parse(text)
    assert "secret" not in str(told.value)
