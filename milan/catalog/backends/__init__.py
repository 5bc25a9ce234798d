"""What a catalog is kept in, behind one contract: an SQLite file, or a schema of a PostgreSQL database.

In: a `CatalogPlace`. Out: a `Storage` (transactions, making, recognising, errors) and, for a connection
of it, a `Dialect`: what the two say differently.

    storage = open_storage(CatalogPlace.parse("units.db"))
    with storage.reading() as connection:
        match = dialect(connection).words.all_words("red dog")
"""

from milan.catalog.backends.copying import copy_rows
from milan.catalog.backends.dialects import Dialect, dialect, put_rows
from milan.catalog.backends.full_text import Order
from milan.catalog.backends.storage import MIGRATIONS, NEWEST, Storage
from milan.places import CatalogPlace

__all__ = [
    "MIGRATIONS",
    "NEWEST",
    "Dialect",
    "Order",
    "Storage",
    "copy_rows",
    "dialect",
    "open_storage",
    "put_rows",
]


def open_storage(place: CatalogPlace) -> Storage:
    """What keeps the catalog at a place; nothing is opened or made yet."""
    if place.is_database:
        from milan.catalog.backends.postgresql import PostgresSchema

        return PostgresSchema(place)
    from milan.catalog.backends.sqlite import SqliteFile

    return SqliteFile(place)
