"""What can be seen to be wrong before the libraries of networks are loaded, which takes many seconds."""

from pathlib import Path

__all__ = ["check_inputs"]


def check_inputs(images: Path, measure_on: Path | None, catalog: Path | None = None) -> None:
    """Refuse a folder without images and a catalog that cannot be written; nothing is made or read through.

    Raises the DataError or CatalogError that the run itself would raise later.
    """
    from milan.catalog import Catalog
    from milan.datasets import Manifest

    for folder in (images, measure_on):
        if folder is not None:
            Manifest.check(folder)
    if catalog is not None:
        Catalog.check(catalog)
