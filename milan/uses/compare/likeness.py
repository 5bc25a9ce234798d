"""How alike units are: by what they answer to the same images, and by where their exemplars lie.

Two measures of long standing, averaged: the correlation of activations over images (Li et al., "Convergent
Learning", 2016; here of mean and peak activation, averaged), and the intersection over union of regions (Bau
et al., "Network Dissection", 2017), taken over all exemplars of both units, so that an image that is an
exemplar of one alone counts as union. Of a text no activations are kept: regions of both ends speak alone.
"""

import numpy as np
from jaxtyping import Float32

from milan.uses.compare.evidence import Evidence

__all__ = ["FEWEST_IMAGES", "Likeness", "aligned", "likeness", "nearest_likeness"]

FEWEST_IMAGES = 30
"""Images with activations in both networks, below which correlations say nothing."""
_ROWS = 1024
"""Units at a time where only the nearest is kept."""

Likeness = Float32[np.ndarray, "unit other"]
"""1 for the very same, about 0 for strangers."""


def aligned(first: Evidence, second: Evidence) -> tuple[Evidence, Evidence]:
    """Both with activations of the images that both kept; of none where these are too few."""
    known = set(second.images)
    shared = [image for image in first.images if image in known]
    if len(shared) < FEWEST_IMAGES:
        shared = []
    return first.at(shared), second.at(shared)


def likeness(first: Evidence, second: Evidence) -> Likeness:
    """How alike each unit of one and each of another are: 1 for the very same, about 0 for strangers.

    Both must have activations of the same images, in the same order (`aligned`).
    """
    measures = [_overlap(first, second, lowest=False)]
    if first.lowest and second.lowest:
        measures = [(measures[0] + _overlap(first, second, lowest=True)) / 2]
    if first.images:
        of_mean = _standard(first.mean).T @ _standard(second.mean)
        of_peak = _standard(first.peak).T @ _standard(second.peak)
        measures.append((of_mean + of_peak) / 2)
    found: Likeness = np.stack(measures).mean(axis=0).astype(np.float32)
    return found


def nearest_likeness(evidence: Evidence, *, other_layers: bool = False) -> Float32[np.ndarray, " unit"]:
    """How alike each unit and the nearest other unit of its own network are; -1 where there is no other.

    With `other_layers` the nearest is sought among units of other layers than its own.
    """
    names = np.array([unit.layer for unit in evidence.units])
    found = np.full(len(names), -1, np.float32)
    for start in range(0, len(names), _ROWS):
        rows = np.arange(start, min(start + _ROWS, len(names)))
        alike = likeness(evidence.some(rows.tolist()), evidence)
        alike[np.arange(len(rows)), rows] = -1
        if other_layers:
            alike[names[rows, None] == names[None]] = -1
        found[rows] = alike.max(axis=1, initial=-1)
    return found


def _overlap(first: Evidence, second: Evidence, *, lowest: bool) -> Likeness:
    own, theirs = first.regions(lowest=lowest), second.regions(lowest=lowest)
    shared = (own @ theirs.T).toarray()
    sizes = [np.asarray(side.sum(axis=1), np.float32).ravel() for side in (own, theirs)]
    union = sizes[0][:, None] + sizes[1][None] - shared
    overlap: Likeness = shared / np.maximum(union, 1)
    return overlap


def _standard(values: Float32[np.ndarray, "image unit"]) -> Float32[np.ndarray, "image unit"]:
    """Columns of mean 0 and length 1; a column that never changes is all zeros."""
    wide = values.astype(np.float64)
    centred = wide - wide.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    still = length <= 1e-9 * np.abs(wide).max(axis=0, initial=0) * np.sqrt(len(wide))
    standard: Float32[np.ndarray, "image unit"] = (centred / np.where(still, np.inf, length)).astype(
        np.float32
    )
    return standard
