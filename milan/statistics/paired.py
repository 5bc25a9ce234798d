"""How sure the difference of two outcomes on the same images is."""

import numpy as np
from jaxtyping import Bool, Int64

from milan.records import Figure

__all__ = ["paired_difference", "share"]

_DRAWS, _AT_ONCE = 2000, 200


def share(right: Bool[np.ndarray, "*repeat image"], seed: int = 0) -> Figure:
    """Share that is right, with a 95 % interval by the bootstrap over images, and over repetitions if there
    are.
    """
    return paired_difference(right, np.zeros_like(right), seed)


def paired_difference(
    first: Bool[np.ndarray, "*repeat image"], second: Bool[np.ndarray, "*other image"], seed: int = 0
) -> Figure:
    """How many more are right in the first than in the second, as a share of the images, with a 95 %
    interval.

    Both are of the same images in the same order: images are drawn anew together. An outcome that was
    repeated (a control with several seeds) is averaged over its repetitions, and these are drawn anew too,
    each side by itself.
    """
    rng = np.random.default_rng(seed)
    rows = [np.atleast_2d(side).astype(np.float64) for side in (first, second)]
    drawn: list[float] = []
    for _ in range(_DRAWS // _AT_ONCE):
        images = _times_drawn(rng, rows[0].shape[1])
        of_first, of_second = (
            ((images @ side.T) * _times_drawn(rng, len(side))).sum(1) / side.size for side in rows
        )
        drawn += (of_first - of_second).tolist()
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(rows[0].mean() - rows[1].mean()), float(low), float(high))


def _times_drawn(rng: np.random.Generator, n: int) -> Int64[np.ndarray, "draw item"]:
    """How often each of n items is drawn, when n are drawn with putting back, some times over."""
    return rng.multinomial(n, np.full(n, 1 / n), size=_AT_ONCE)
