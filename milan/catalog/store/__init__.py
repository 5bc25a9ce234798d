"""The catalog as one object: what reads, what writes and what searches, over one storage."""

from milan.catalog.store.catalog import Catalog

__all__ = ["Catalog"]
