"""The labelled images of an edit, by what they may decide; checked before anything takes time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from milan.ablation import n_outputs_of
from milan.datasets import LabelledImages, Manifest, UnreadableImage, open_picture
from milan.errors import DataError, UsageError
from milan.networks import Network

__all__ = ["EditData", "read_sets"]


@dataclass(frozen=True, slots=True)
class EditData:
    """Folders of labelled images, by what they may decide."""

    validation: Path
    """As the user has it, biased as the training images are: it orders the candidates."""
    clean: Path
    """Without the bias: it says how many units may go."""
    tests: Mapping[str, Path]
    """Decide nothing."""
    classes: Mapping[str, int] | None = None
    """Outputs by folder name, where names and numbers do not say it."""

    def __post_init__(self) -> None:
        if not {"validation", "clean"}.isdisjoint(self.tests):
            raise UsageError("a test set is called validation or clean: give it another name")

    @property
    def folders(self) -> dict[str, Path]:
        """All folders by name, those that decide first."""
        return {"validation": self.validation, "clean": self.clean, **self.tests}

    def check(self) -> None:
        """Raise DataError unless every folder holds an image; cheap, before a network is opened."""
        for folder in self.folders.values():
            Manifest.check(folder)


def read_sets(network: Network, data: EditData) -> dict[str, LabelledImages]:
    """Paths and labels of all sets, by name; the network sees no image here.

    Raises DataError for labels that do not fit the network's outputs, for one class only in images that
    decide, and for a test set in which nothing can be decoded; UsageError for test images that also decide.
    """
    n_outputs = n_outputs_of(network)
    found = {
        kind: LabelledImages.read(folder, n_outputs, outputs=data.classes)
        for kind, folder in data.folders.items()
    }
    for kind in ("validation", "clean"):
        if len(np.unique(found[kind].labels)) < 2:
            (only,) = found[kind].classes
            raise DataError(
                f"{data.folders[kind]} holds one class only ({only}): accuracy on it says nothing"
            )
    deciding = set(found["validation"].manifest.hashes) | set(found["clean"].manifest.hashes)
    for test in data.tests:
        manifest = found[test].manifest
        shared = [
            path for path, content in zip(manifest.paths, manifest.hashes, strict=True) if content in deciding
        ]
        if shared:
            raise UsageError(
                f"{len(shared)} images of the test set {test} are in --validation or --clean too (the first: "
                f"{shared[0]}): a test on what decided proves nothing"
            )
        if not any(_opens(manifest.file(at), network) for at in range(len(manifest))):
            raise DataError(f"none of the {len(manifest)} images under {str(manifest.folder)!r} can be read")
    return found


def _opens(file: Path, network: Network) -> bool:
    try:
        open_picture(file, network.preprocessing.channels)
    except UnreadableImage:
        return False
    return True
