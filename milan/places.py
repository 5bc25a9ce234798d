"""Where a catalog is: a file, or a schema of a database, whose password is never shown."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl

from milan.errors import UsageError

__all__ = ["DEFAULT_SCHEMA", "CatalogPlace", "without_password"]

DEFAULT_SCHEMA = "milan"
"""The schema of a database that holds its catalog, unless `?schema=NAME` says another."""

_DATABASE = re.compile(r"postgres(?:ql)?(?:\+psycopg)?:/+", re.IGNORECASE)
_OTHER = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PASSWORD_AS_PORT = re.compile(r"^([^/?\[:]*):(?!\d+(?:[/?]|$))[^/?]*")
_SCHEMA = re.compile(r"(?!pg_)[^\W\d]\w{0,62}")


@dataclass(frozen=True, slots=True)
class CatalogPlace:
    """An SQLite file, or a PostgreSQL database as `postgresql+psycopg://USER@HOST/DATABASE?schema=NAME`.

    >>> place = CatalogPlace.parse("postgresql://ann:secret@db.lab/vision")
    >>> print(place, place.name)
    postgresql+psycopg://ann:***@db.lab/vision vision
    """

    address: str = field(repr=False)
    """As it opens the catalog: a file's path, or an address that may hold a password."""
    is_database: bool

    @classmethod
    def parse(cls, text: "str | Path | CatalogPlace") -> Self:
        """Understand what a user wrote; UsageError for another kind of address."""
        if isinstance(text, CatalogPlace):
            return cls(text.address, text.is_database)
        written = str(text)
        if _DATABASE.match(written):
            place = cls(_DATABASE.sub("postgresql+psycopg://", written, count=1), is_database=True)
            if not _SCHEMA.fullmatch(place.schema):
                raise UsageError(f"{place}: {place.schema!r} is no name of a schema: letters, digits and _")
            return place
        if _OTHER.match(written):
            raise UsageError(
                f"{without_password(written)}: a catalog is a file, or postgresql+psycopg://USER@HOST/DATABASE"
            )
        return cls(written, is_database=False)

    @property
    def path(self) -> Path:
        """Of a file."""
        return Path(self.address)

    @property
    def schema(self) -> str:
        """Of a database."""
        return dict(parse_qsl(self.address.partition("?")[2])).get("schema", DEFAULT_SCHEMA)

    @property
    def name(self) -> str:
        """What people who may not know where it is can be told: the name of the file or the database."""
        if not self.is_database:
            return self.path.name
        database = self.address.partition("?")[0].rpartition("/")[2]
        return database if self.schema == DEFAULT_SCHEMA else f"{database}, {self.schema}"

    def __str__(self) -> str:
        return without_password(self.address) if self.is_database else self.address


def without_password(text: str) -> str:
    """An address to be shown; what is none comes back as it is.

    >>> without_password("postgresql://ann:p@ss@db/x?password=p&port=5433")
    'postgresql://ann:***@db/x?password=***&port=5433'
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    rest = re.sub(r"(?i)(password=)[^&]*", r"\1***", rest)
    before, at, after = rest.rpartition("@")
    if not at:  # user:password without a host, where only a port may stand
        return f"{scheme}://" + _PASSWORD_AS_PORT.sub(r"\1:***", rest)
    user, colon, _ = before.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}{at}{after}"
