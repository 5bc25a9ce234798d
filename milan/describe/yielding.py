"""Of words that follow a unit alike, those that are preferred are said."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

__all__ = ["lowered"]

_AS_WELL = 0.95
"""Words that reach this share of others' correlation follow the unit as well."""


def lowered(
    follows: Float32[np.ndarray, " phrase"], preferred: Sequence[tuple[int, Sequence[int]]]
) -> Float32[np.ndarray, " phrase"]:
    """Correlations with a unit, those of phrases lowered that yield to preferred ones.

    `preferred` holds places with the places that each yields to, in an order in which a phrase comes after
    all that it yields to: then none yields to one that has yielded itself.
    """
    found = follows.copy()
    for place, to in preferred:
        best = max((float(found[other]) for other in to), default=0.0)
        if best >= _AS_WELL * found[place] > 0:
            found[place] = _AS_WELL * best
    return found
