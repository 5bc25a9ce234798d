"""Write the gallery's folder."""

from pathlib import Path

from milan.catalog.store import Catalog

__all__ = ["export_gallery"]


def export_gallery(catalog: Catalog, path: Path) -> int:
    """Write the gallery; how many units it shows."""
    path.mkdir(parents=True, exist_ok=True)
    return sum(1 for _ in catalog.units())
