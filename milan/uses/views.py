"""Pictures as the network saw them, by their path in a manifest."""

from collections.abc import Iterable

from captioner.protocols import Picture
from milan.datasets import Manifest, open_picture
from milan.exemplars import kept_of, rgb_view
from milan.networks import Preprocessing
from milan.records import PicturePolicy, PictureReference

__all__ = ["Views"]


class Views:
    """Opens a manifest's pictures with a network's own geometry (resize and crop), as 8-bit RGB.

    Masks and thumbnails are drawn on this view, so nothing has to be mapped back through the crop.
    """

    def __init__(self, preprocessing: Preprocessing, manifest: Manifest) -> None:
        self._preprocessing = preprocessing
        self._drawn: set[str] = set()
        self._files = {path: manifest.file(position) for position, path in enumerate(manifest.paths)}
        self._contents = dict(zip(manifest.paths, manifest.hashes, strict=True))

    def open(self, path: str) -> Picture:
        """One picture's view; a network of one channel gives grey, one of more than three its first three."""
        view = self._preprocessing.view(open_picture(self._files[path], self._preprocessing.channels))
        return rgb_view(view)

    def kept(self, paths: Iterable[str], policy: PicturePolicy) -> dict[str, bytes | PictureReference]:
        """What a catalog keeps of those paths that were not asked for before: pictures or references."""
        new = sorted(set(paths) - self._drawn)
        self._drawn.update(new)
        return {path: kept_of(self.open(path), self._contents[path], policy) for path in new}
