"""The state of a pass: what was seen so far, of every layer, in one file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Bool

from milan.datasets import Skipped, View
from milan.errors import DataError, StateError
from milan.exemplars.layer_state import LayerState
from milan.exemplars.settings import ExemplarSettings
from milan.exemplars.storage import read_arrays, write_arrays
from milan.exemplars.thumbnails import Thumbnails
from milan.records import LayerExemplars, PicturePolicy, PictureReference, PicturesKept, Provenance

__all__ = ["ExemplarState"]

_FORMAT = 3


@dataclass(eq=False)
class ExemplarState:
    """What a pass over some batches of a manifest has kept; merges exactly, in any order."""

    network: str
    """The network's name, first part of its units' names."""
    layer_order: tuple[str, ...]
    """All layers of the network, in the order of a forward pass."""
    provenance: Provenance
    """What is looked at, and how; its key is the state's."""
    settings: ExemplarSettings
    paths: Sequence[str]
    """Relative paths of the whole manifest."""
    layers: dict[str, LayerState]
    """By name, in the order asked for."""
    done: Bool[np.ndarray, " batch"]
    """Batches of the manifest that are in it."""
    skipped: set[Skipped]
    """Images that were left out of them, with reasons."""
    kept: PicturesKept = field(default_factory=PicturesKept)
    """How much of the images is kept."""
    thumbnails: Thumbnails = field(init=False)
    """Of the images that some unit holds, and of some that fell out since the last save."""

    def __post_init__(self) -> None:
        self.thumbnails = Thumbnails(policy=self.kept.policy)

    @property
    def key(self) -> str:
        """Equal for states of one run: same weights, layers, preprocessing, images and settings."""
        return self.provenance.key()

    @property
    def is_complete(self) -> bool:
        """Whether all batches are in it."""
        return bool(self.done.all())

    @cached_property
    def measured_images(self) -> frozenset[int]:
        """Positions of the images of the measuring side whose activations are kept."""
        return frozenset(int(at) for layer in self.layers.values() for at in layer.measured.images)

    @cached_property
    def selected_images(self) -> frozenset[int]:
        """Positions of the images of the exemplar side whose activations are kept, exemplars or not."""
        return frozenset(int(at) for layer in self.layers.values() for at in layer.selected.images)

    def keep_pictures(self, views: Mapping[int, View], contents: Sequence[str]) -> None:
        """Keep what the policy allows of those views whose images entered some unit's ranking.

        `contents` are the hashes of all the manifest's files.
        """
        if views:
            for image in sorted(self.held_images(min(views), max(views) + 1) & views.keys()):
                self.thumbnails.add(image, views[image], contents[image])

    def held_images(self, first: int = 0, last: int | None = None) -> frozenset[int]:
        """Positions, from first to before last, of the images that are exemplars of some unit so far."""
        last = len(self.paths) if last is None else last
        return frozenset().union(*(layer.held_images(first, last) for layer in self.layers.values()))

    def merge(self, other: Self) -> None:
        """Take in another shard's state; StateError when it is of another run or overlaps."""
        if other.key != self.key:
            raise StateError(
                "these states are not of one run: weights, layers, preprocessing, images or settings differ"
            )
        both = np.flatnonzero(self.done & other.done)
        if len(both):
            raise StateError(
                f"{len(both)} batches are in both states, the first is {both[0]}: merge each shard once"
            )
        self.check_kept(other.kept)
        for name, layer in self.layers.items():
            layer.merge(other.layers[name])
        self.thumbnails.merge(other.thumbnails)
        self.done |= other.done
        self.skipped |= other.skipped

    def check_kept(self, kept: PicturesKept) -> None:
        """Raise StateError unless pictures are kept the same way."""
        if kept.policy is not self.kept.policy:
            raise StateError(
                f"one state was made with --pictures {self.kept.policy}, the other with {kept.policy}: "
                "make all of a run with the same"
            )

    @classmethod
    def merged(cls, files: Iterable[Path]) -> Self:
        """The states of several files as one, whatever their order."""
        found: Self | None = None
        for file in files:
            state = cls.load(file)
            if found is None:
                found = state
            else:
                found.merge(state)
        if found is None:
            raise StateError("no state files to merge")
        return found

    def save(self, path: Path) -> int:
        """Write the state in one step and return its bytes; StorageFull leaves the file that was there."""
        self.thumbnails.keep_only(self.held_images())
        arrays: dict[str, np.ndarray[Any, Any]] = {
            "done": self.done,
            "paths": np.frombuffer("\0".join(self.paths).encode(), np.uint8),
        }
        arrays |= {f"thumbnails.{part}": array for part, array in self.thumbnails.state_dict().items()}
        for name, layer in self.layers.items():
            arrays |= {f"{name}/{part}": array for part, array in layer.state_dict().items()}
        header = {
            "format": _FORMAT,
            "network": self.network,
            "layer_order": list(self.layer_order),
            "provenance": asdict(self.provenance),
            "settings": self.settings.as_dict(),
            "layers": list(self.layers),
            "pictures": asdict(self.kept),
            "skipped": sorted([skip.path, skip.reason] for skip in self.skipped),
        }
        return write_arrays(path, header, arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a saved state; StateError when it is damaged or of another version."""
        header, arrays = read_arrays(path)
        if header.get("format") != _FORMAT:
            raise StateError(f"{str(path)!r} has format {header.get('format')}, this milan reads {_FORMAT}")
        settings = ExemplarSettings(**header["settings"])
        layers = {
            name: LayerState.from_state_dict(
                {
                    key.removeprefix(f"{name}/"): array
                    for key, array in arrays.items()
                    if key.startswith(f"{name}/")
                },
                settings,
            )
            for name in header["layers"]
        }
        how = header.get("pictures", {})  # states of before kept pictures, whatever was asked
        kept = PicturesKept(PicturePolicy(how.get("policy", "keep")), how.get("folder"))
        pictures = {part: arrays[f"thumbnails.{part}"] for part in ("images", "lengths", "bytes")}
        state = cls(
            header["network"],
            tuple(header["layer_order"]),
            Provenance(**header["provenance"]),
            settings,
            arrays["paths"].tobytes().decode().split("\0"),
            layers,
            arrays["done"],
            {Skipped(path, reason) for path, reason in header["skipped"]},
            kept,
        )
        state.thumbnails = Thumbnails.from_state_dict(pictures, kept.policy)
        return state

    def pictures(self) -> dict[str, bytes | PictureReference]:
        """What is kept of every image that some unit holds, by path: a small JPEG, or a reference."""
        self.thumbnails.keep_only(self.held_images())
        return {self.paths[image]: kept for image, kept in self.thumbnails.kept().items()}

    def finish(self, *, so_far: bool = False) -> dict[str, LayerExemplars]:
        """The record of each layer; with `so_far`, of the batches that were seen, and the pass may go on.

        StateError when batches are missing, DataError when no image could be decoded.
        """
        if not (self.is_complete or so_far):
            n_done = int(self.done.sum())
            raise StateError(
                f"{n_done} of {len(self.done)} batches are done: finish the run or merge the other shards"
            )
        if len(self.skipped) >= len(self.paths):
            first = min(self.skipped, key=lambda skip: skip.path)
            raise DataError(
                f"none of the {len(self.paths)} images could be used; {first.path}: {first.reason}"
            )
        return {
            name: layer.finish(name, self.paths, self.settings.quantile)
            for name, layer in self.layers.items()
        }
