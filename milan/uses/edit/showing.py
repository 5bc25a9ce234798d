"""Which images show what the candidates are said to be about."""

import numpy as np
from jaxtyping import Bool, Float32, Float64

from milan.errors import DataError

__all__ = ["shows_concept"]

_ALIKE = 1e-6
"""Standard deviations: candidates of opposite responses cancel to rounding, and tell no image apart."""


def shows_concept(peaks: Float32[np.ndarray, "image unit"]) -> Bool[np.ndarray, " image"]:
    """The images that drive the candidates: no label and no captioner says it, only the units themselves.

    An image drives them as its mean standardised peak activation over all of them, so that some that are
    described wrongly do little harm. The images are cut in two where the groups lie furthest apart (the
    largest variance between them: Otsu 1979). DataError when all images drive the candidates alike.
    """
    spread = peaks.std(0, dtype=np.float64)
    live = spread > 0
    drive = ((peaks - peaks.mean(0, dtype=np.float64))[:, live] / spread[live]).sum(1) / max(live.sum(), 1)
    if drive.std() < _ALIKE:
        raise DataError(
            f"the {peaks.shape[1]} candidates respond alike to all {len(peaks)} validation images: give "
            "--validation images of which some show what they are about, and some do not"
        )
    shown: Bool[np.ndarray, " image"] = drive > _cut(drive)
    return shown


def _cut(values: Float64[np.ndarray, " value"]) -> float:
    """The largest value of the lower of two groups."""
    ordered = np.sort(values)
    n_below = np.arange(1, len(values))
    sums = ordered.cumsum()
    below, above = sums[:-1] / n_below, (sums[-1] - sums[:-1]) / n_below[::-1]
    between = n_below * n_below[::-1] * (above - below) ** 2
    return float(ordered[int(between.argmax())])
