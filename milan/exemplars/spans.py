"""Exemplars of text units: the passages whose strongest word drives a unit most, from a matrix [word, unit].

Activations of a text are on disk already, so nothing runs here. Both ends of a unit's range are found: text
units are often two-sided.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float16, Float32, Int64

from milan.records import Histograms, LayerExemplars, Measured, UnitStatus
from milan.texts import Passages

__all__ = ["SpanSettings", "find_spans"]

_UNITS = 256
"""Units at a time: a text of 200,000 words then takes 200 MB."""


class SpanSettings(NamedTuple):
    """What is kept of each unit."""

    k: int = 15
    """Passages, on either side."""
    quantile: float = 0.99
    """Of a unit's activations, above which a word counts as active."""


class _Side(NamedTuple):
    """The strongest passages of some units."""

    statuses: list[UnitStatus]
    thresholds: Float32[np.ndarray, " unit"]
    images: Int64[np.ndarray, "unit rank"]
    peaks: Float32[np.ndarray, "unit rank"]
    maps: Float16[np.ndarray, "unit rank 1 word"]
    scales: Float32[np.ndarray, "unit rank"]


def find_spans(
    layer: str,
    matrix: Float[np.ndarray, "row unit"],
    rows: Int64[np.ndarray, " word"],
    words: Int64[np.ndarray, " some"],
    passages: Passages,
    settings: SpanSettings | None = None,
) -> LayerExemplars:
    """The strongest passages of all units of a layer, and as `downward` the lowest on the negated scale.

    `rows` is the row of the matrix for every word of the text, -1 for none; `words` are those, ascending,
    that serve exemplars. A unit with activations that are no numbers is `failed`, one that is the same
    everywhere `dead`, and one that never rises above its own median has nothing to show: `never_positive`.
    No samples are kept: units are described from the matrix itself.
    """
    settings = settings or SpanSettings()
    upward: list[_Side] = []
    downward: list[_Side] = []
    histograms: list[Histograms] = []
    for start in range(0, matrix.shape[1], _UNITS):
        block = np.asarray(matrix[:, start : start + _UNITS], np.float32)
        histograms.append(Histograms.of(block))
        for sign, found in ((1, upward), (-1, downward)):
            found.append(_strongest(sign * block, rows, words, passages, settings))
    below = _layer(layer, passages, downward, None)
    return replace(_layer(layer, passages, upward, below), histograms=Histograms.joined(histograms))


def _strongest(
    matrix: Float32[np.ndarray, "row unit"],
    rows: Int64[np.ndarray, " word"],
    words: Int64[np.ndarray, " some"],
    passages: Passages,
    settings: SpanSettings,
) -> _Side:
    values = matrix[rows[words]]
    is_finite = np.isfinite(matrix[rows[rows >= 0]]).all(axis=0)  # words that measure count, too
    of_word = passages.of_word[words]
    starts = np.flatnonzero(np.diff(of_word, prepend=-1))
    with np.errstate(invalid="ignore"):
        peaks = np.maximum.reduceat(values, starts, axis=0)
        statuses = _statuses(values, is_finite)
        thresholds = np.quantile(values, settings.quantile, axis=0).astype(np.float32)
    n_units, k = matrix.shape[1], min(settings.k, len(starts))
    order = np.argsort(-np.nan_to_num(peaks, nan=-np.inf), axis=0, kind="stable")[:k].T
    images = of_word[starts][order]
    side = _Side(
        statuses,
        thresholds,
        np.full((n_units, settings.k), -1, np.int64),
        np.full((n_units, settings.k), -np.inf, np.float32),
        np.zeros((n_units, settings.k, 1, int(passages.size.max(initial=1))), np.float16),
        np.zeros((n_units, settings.k), np.float32),
    )
    for unit, status in enumerate(statuses):
        if status is UnitStatus.PENDING:
            side.images[unit, :k] = images[unit]
            side.peaks[unit, :k] = peaks[order[unit], unit]
            for rank, passage in enumerate(images[unit].tolist()):
                first, size = int(passages.first[passage]), int(passages.size[passage])
                found = rows[first : first + size]
                shown = np.where(found >= 0, matrix[found, unit], np.nan)
                scale = float(np.nanmax(np.abs(shown)))
                side.scales[unit, rank] = scale
                side.maps[unit, rank, 0, :size] = shown / (scale or 1)
    return side


def _statuses(
    values: Float32[np.ndarray, "word unit"], finite: Bool[np.ndarray, " unit"]
) -> list[UnitStatus]:
    highest, lowest = values.max(axis=0), values.min(axis=0)
    silent = highest <= np.median(values, axis=0)
    return [
        UnitStatus.FAILED
        if not is_finite
        else UnitStatus.DEAD
        if high == low
        else UnitStatus.NEVER_POSITIVE
        if is_silent
        else UnitStatus.PENDING
        for is_finite, high, low, is_silent in zip(finite, highest, lowest, silent, strict=True)
    ]


def _layer(
    layer: str, passages: Passages, found: list[_Side], downward: LayerExemplars | None
) -> LayerExemplars:
    n_units = sum(len(side.statuses) for side in found)
    none = Measured((), *np.zeros((2, 0, n_units), np.float32))
    thresholds, images, peaks, maps, scales = (
        np.concatenate([side[place] for side in found]) for place in range(1, len(_Side._fields))
    )
    return LayerExemplars(
        layer=layer,
        paths=passages.names,
        thresholds=thresholds,
        statuses=tuple(status for side in found for status in side.statuses),
        images=images,
        peaks=peaks,
        maps=maps,
        scales=scales,
        measured=none,
        selected=none,
        downward=downward,
    )
