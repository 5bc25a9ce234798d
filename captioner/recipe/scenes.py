"""Samples of rendered scenes: objects by their masks, and by the patches that they fill."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from captioner.samples import Sample, draw_mask, read_samples

__all__ = ["background_samples", "scene_samples"]

_CELLS = 7
_REACH = 1
_FILLED = 0.3
"""Share of a patch that an object fills, for the patch to be called by its name."""
_EMPTY = 0.9
"""Share of a patch that is background, for the patch to be called by the background's name."""


def scene_samples(folder: Path, half: bool = False) -> list[Sample]:
    """Samples of a folder of scenes (of every second one with `half`), and a patch for each object.

    Halves are left out: features averaged under a mask do not tell a left half from a right. Whoever searches
    pictures meets things in windows of three by three of seven by seven cells, with what is behind them: so
    each object is learnt in such a window too.
    """
    samples = _objects(read_samples(folder / "regions.jsonl"))
    if half:
        kept = set(sorted({sample.image for sample in samples})[::2])
        samples = [sample for sample in samples if sample.image in kept]
    return [*samples, *_patches(samples, folder)]


def background_samples(folder: Path) -> list[Sample]:
    """Backgrounds of every fifth scene, by their masks and by the two patches that show the most of them.

    Whoever tells drawn things apart must know what it is when there is none. There are few kinds of
    backgrounds, so few scenes will do.
    """
    samples = [sample for sample in read_samples(folder / "regions.jsonl") if sample.kind == "background"]
    kept = set(sorted({sample.image for sample in samples})[::5])
    samples = [sample for sample in samples if sample.image in kept]
    return [*samples, *(patch for sample in samples for patch in _emptiest(sample, folder))]


def _emptiest(sample: Sample, folder: Path) -> Iterator[Sample]:
    """The two windows, apart from one another, that a background fills the most."""
    if sample.mask is None or "size" not in sample.mask:
        return
    height, width = sample.mask["size"]
    cells = draw_mask(sample.mask, width, height, folder).reshape(_CELLS, 8, _CELLS, 8).mean((1, 3))
    filled = {
        (row, column): cells[row : row + 3, column : column + 3].mean()
        for row in range(_CELLS - 2)
        for column in range(_CELLS - 2)
    }
    first = max(filled, key=lambda at: filled[at])
    second = max(filled, key=lambda at: filled[at] * (max(abs(at[0] - first[0]), abs(at[1] - first[1])) > 2))
    for row, column in (first, second):
        if filled[row, column] >= _EMPTY:
            x, y, w, h = (
                at * side / _CELLS for at, side in ((column, width), (row, height), (3, width), (3, height))
            )
            yield replace(sample, mask={"box": [x, y, w, h]}, kind=f"{sample.kind} patch")


def _objects(samples: Sequence[Sample]) -> list[Sample]:
    return [
        sample
        for sample in samples
        if sample.kind != "background" and not (sample.kind == "part" and " half of " in sample.phrases[0])
    ]


def _patches(samples: Sequence[Sample], folder: Path) -> Iterator[Sample]:
    """The window around an object's middle, where the object fills enough of it."""
    for sample in samples:
        if sample.mask is None or sample.kind == "part":
            continue
        height, width = sample.mask["size"]
        cells = draw_mask(sample.mask, width, height, folder).reshape(_CELLS, 8, _CELLS, 8).mean((1, 3))
        row, column = (int(np.average(at, weights=cells).round()) for at in np.indices(cells.shape))
        top, left = max(0, row - _REACH), max(0, column - _REACH)
        bottom, right = min(_CELLS, row + _REACH + 1), min(_CELLS, column + _REACH + 1)
        if cells[top:bottom, left:right].mean() >= _FILLED:
            x, y, w, h = (
                at * side / _CELLS
                for at, side in ((left, width), (top, height), (right - left, width), (bottom - top, height))
            )
            yield replace(sample, mask={"box": [x, y, w, h]}, kind=f"{sample.kind} patch")
