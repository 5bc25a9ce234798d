"""The costly part: runs of the network with units switched off, each kept under what made it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Bool, Float64, Int64

from milan.ablation import Levels, TestImages, right_without, score_units
from milan.networks import Network
from milan.records import UnitId, content_key
from milan.uses.cache import cache_dir

__all__ = ["Passes"]

_IMAGES_A_PART = 32
"""Scores are kept after so many images: what is lost when a run is cut off."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Passes:
    """A network on labelled images, with units switched off; what was run once is read from the cache."""

    network: Network
    images: TestImages
    contents: tuple[str, ...]
    """Hash of each image."""
    levels: Levels | None = None
    """What units that are off are held at; None for zero."""

    def importance(
        self, layer: str, progress: Progress
    ) -> tuple[Float64[np.ndarray, " unit"], Float64[np.ndarray, " unit"]]:
        """Accuracy and mean log chance of the true class lost without each unit of a layer."""
        drops, chances = [], []
        for start in range(0, len(self.images), _IMAGES_A_PART):
            part = np.arange(start, min(start + _IMAGES_A_PART, len(self.images)))
            kept = self._kept("scores", layer, part)
            found = _read(kept)
            if found is None:
                (scores,) = score_units(
                    self.network,
                    self.images.at(part),
                    [layer],
                    levels=self.levels,
                    progress=lambda done, _, before=start: progress(before + done, len(self.images)),  # type: ignore[misc]
                )
                lost = scores.whole.right.astype(np.float64) - scores.right  # [unit, image]
                found = {"drop": lost.sum(1)}
                found["chance"] = (scores.whole.log_chance.astype(np.float64) - scores.log_chance).sum(1)
                _write(kept, found)
            drops.append(found["drop"])
            chances.append(found["chance"])
            progress(int(part[-1]) + 1, len(self.images))
        n = len(self.images)
        return np.sum(drops, axis=0) / n, np.sum(chances, axis=0) / n

    def curve(
        self, order: Sequence[UnitId], counts: Sequence[int], progress: Callable[[], None]
    ) -> Bool[np.ndarray, "count image"]:
        """Which images are right with the first so many units of an order switched off."""
        most = max(counts, default=0)
        addresses = [[unit.layer, unit.index] for unit in order[:most]]
        kept = self._kept("curve", [addresses, list(counts)], np.arange(len(self.images)))
        found = _read(kept)
        if found is not None:
            for _ in counts:
                progress()
            return found["right"]
        right = right_without(
            self.network,
            self.images,
            order,
            counts,
            levels=self.levels,
            progress=lambda done, total: progress(),
        )
        _write(kept, {"right": right})
        return right

    def _kept(self, what: str, of: object, part: Int64[np.ndarray, " some"]) -> Path:
        labelled = [[self.contents[at], int(self.images.labels[at])] for at in part]
        geometry = asdict(self.network.preprocessing)
        held = {} if self.levels is None else {name: level.tolist() for name, level in self.levels.items()}
        key = content_key([what, self.network.weights_hash, geometry, labelled, of, held])
        return cache_dir() / "analyze" / f"{key}.npz"


def _read(file: Path) -> dict[str, np.ndarray] | None:
    """What was kept, or None; a damaged file is as good as none."""
    try:
        with np.load(BytesIO(file.read_bytes())) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, KeyError, BadZipFile):
        return None


def _write(file: Path, arrays: dict[str, np.ndarray]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.stem}.{os.getpid()}.npz")
    np.savez_compressed(aside, **arrays)  # type: ignore[arg-type]
    aside.replace(file)
