"""Of names that contain one another the specific one is said: "a tiger shark", not "a shark".

What is true of a thing is true of what it is a kind of, and often predicts it a little better, because it
fits images in which the thing itself is not to be seen. So a general name must follow a unit clearly better
than the best name that it contains.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32

__all__ = ["specific"]

_AS_WELL = 0.95
"""A name that reaches this share of a more general one's correlation follows the unit as well."""


def specific(
    phrases: Sequence[str],
    follows: Float32[np.ndarray, " phrase"],
    names: Mapping[str, frozenset[int]],
) -> Float32[np.ndarray, " phrase"]:
    """Correlations with the unit, those of general names lowered where a specific one is as good.

    `names` says which classes a name covers; one that covers a part of another's classes is more specific.

    >>> names = {"a shark": frozenset({2, 3}), "a tiger shark": frozenset({3})}
    >>> found = specific(["a shark", "a tiger shark"], np.array([0.53, 0.51], np.float32), names)
    >>> [f"{one:.4f}" for one in found]
    ['0.4845', '0.5100']
    """
    found = follows.copy()
    known = [place for place, phrase in enumerate(phrases) if phrase in names]
    # the most specific first: a general name yields to one that has not yielded itself
    for general in sorted(known, key=lambda place: len(names[phrases[place]])):
        below = [place for place in known if names[phrases[place]] < names[phrases[general]]]
        best = max((float(found[place]) for place in below), default=0.0)
        if best >= _AS_WELL * found[general] > 0:
            found[general] = _AS_WELL * best
    return found
