"""What can be seen to be wrong before the libraries of networks are loaded, which takes many seconds."""

from pathlib import Path

from milan.errors import UsageError
from milan.places import CatalogPlace

__all__ = ["check_inputs"]


def check_inputs(
    images: Path | None,
    measure_on: Path | None,
    catalog: CatalogPlace | None = None,
    latents: str | None = None,
) -> None:
    """Refuse a folder without images and a catalog that cannot be written; nothing is made or read through.

    Raises UsageError unless there are images or latents, and the DataError or CatalogError that the run
    itself would raise later.
    """
    if (images is None) == (latents is None):
        given = "--images and --latents cannot both be given" if images else "nothing to run the network on"
        raise UsageError(f"{given}: give --images DIR, or --latents FILE or N for an image generator")
    if latents is not None and measure_on is not None:
        raise UsageError("--measure-on names pictures that no latent made: with --latents leave it out")
    from milan.catalog import Catalog
    from milan.datasets import Manifest

    for folder in (images, measure_on):
        if folder is not None:
            Manifest.check(folder)
    if catalog is not None:
        Catalog.check(catalog)
