"""What can be seen to be wrong before a network is opened, which takes seconds."""

from pathlib import Path

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.uses.options import DescribeOptions

__all__ = ["check_inputs"]


def check_inputs(images: Path, options: DescribeOptions, catalog: Path | None = None) -> None:
    """Refuse a folder without images and a catalog that cannot be written; nothing is made or read through.

    Raises the DataError or CatalogError that the run itself would raise later.
    """
    for folder in (images, options.measure_on):
        if folder is not None:
            Manifest.check(folder)
    if catalog is not None:
        Catalog.check(catalog)
