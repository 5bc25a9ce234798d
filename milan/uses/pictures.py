"""The images that a catalog was made from, found again in their folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from milan.catalog import KeptLayer
from milan.datasets import Manifest, Side
from milan.errors import DataError
from milan.records import LayerExemplars

__all__ = ["find_pictures"]


def find_pictures(folder: Path, layer: KeptLayer, exemplars: LayerExemplars) -> Manifest:
    """The manifest of the run that found a layer's exemplars, from the paths that the catalog holds.

    DataError unless every image is there with the content that it had.
    """
    try:
        found = Manifest.of(folder, exemplars.paths)
    except DataError as missing:
        raise DataError(
            f"{str(folder)!r} is not the folder that {layer} was described from: {missing}"
        ) from None
    for manifest in (found, *_measured_apart(found, exemplars)):
        if manifest.hash == layer.provenance.dataset_hash:
            return manifest
    raise DataError(
        f"the images under {str(folder)!r} have changed since {layer} was described: give the folder as it "
        "was, or describe the network again"
    )


def _measured_apart(found: Manifest, exemplars: LayerExemplars) -> Iterator[Manifest]:
    """The manifests that a run with `--measure-on` may have had: its images stand last.

    Where they begin is known to a few places: behind all images that gave exemplars or words, before all
    that measured.
    """
    place = {path: at for at, path in enumerate(found.paths)}
    served = [place[path] for path in exemplars.selected.images]
    served += exemplars.images[exemplars.images >= 0].tolist()
    measured = [place[path] for path in exemplars.measured.images]
    for first in range(max(served, default=-1) + 1, min(measured, default=-1) + 1):
        sides = (Side.EXEMPLAR,) * first + (Side.MEASURING,) * (len(found) - first)
        yield replace(found, sides=sides)
