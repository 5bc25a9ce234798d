"""Of names that contain one another the specific one is said: "a tiger shark", not "a shark".

What is true of a thing is true of what it is a kind of, and often predicts it a little better, because it
fits images in which the thing itself is not to be seen. So a general name must follow a unit clearly better
than the best name that it contains.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32

from milan.describe.yielding import lowered

__all__ = ["specific"]


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
    known = [place for place, phrase in enumerate(phrases) if phrase in names]
    known.sort(key=lambda place: len(names[phrases[place]]))
    below = ([other for other in known if names[phrases[other]] < names[phrases[own]]] for own in known)
    return lowered(follows, list(zip(known, below, strict=True)))
