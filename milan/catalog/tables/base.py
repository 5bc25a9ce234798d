"""What all tables share."""

from typing import Any

from sqlalchemy import JSON, Connection, Double, MetaData, String, insert
from sqlalchemy.orm import DeclarativeBase

__all__ = ["VARIABLES_A_STATEMENT", "Base", "add_row"]

VARIABLES_A_STATEMENT = 500
"""Values that one statement lists: far below what any SQLite takes."""

TEXT = String().with_variant(String(collation="C"), "postgresql")
"""Sorted by code points, as SQLite does, wherever the database stands."""


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and dictionaries kept as JSON."""

    metadata = MetaData(
        naming_convention={
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, float: Double, str: TEXT}  # noqa: RUF012 - SQLAlchemy reads it off the class


def add_row(connection: Connection, table: type[Base], row: dict[str, Any]) -> int:
    """Insert one row; its id."""
    key = connection.execute(insert(table), row).inserted_primary_key
    assert key is not None  # SQLAlchemy has one for every single-row insert
    return int(key[0])
