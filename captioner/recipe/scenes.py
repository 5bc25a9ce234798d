"""Samples of rendered scenes: objects by their masks, and by the patches that they fill."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from captioner.samples import Sample, draw_mask, read_samples

__all__ = ["scene_samples"]

_CELLS = 7
_REACH = 1
_FILLED = 0.3
"""Share of a patch that an object fills, for the patch to be called by its name."""


def scene_samples(folder: Path, half: bool = False) -> list[Sample]:
    """Samples of a folder of scenes (of every second one with `half`), and a patch for each object.

    Halves and backgrounds are left out. Features averaged under a mask do not tell a left half from a right.
    And most of a whole picture's average is its background, so a captioner taught backgrounds names
    nothing else of a whole picture. Whoever searches pictures meets things in windows of three by three of
    seven by seven cells, with what is behind them: so each object is learnt in such a window too.
    """
    samples = _objects(read_samples(folder / "regions.jsonl"))
    if half:
        kept = set(sorted({sample.image for sample in samples})[::2])
        samples = [sample for sample in samples if sample.image in kept]
    return [*samples, *_patches(samples, folder)]


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
