"""What the phrases of a layer are worth given to units that they were not made for."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from milan.describe.explanation import standardised
from milan.records import ShuffledFaithfulness
from milan.records.shuffled import STEPS

__all__ = ["shuffled_faithfulness"]

_UNITS = 512  # against all phrases of the layer at a time


def shuffled_faithfulness(
    shown: Float32[np.ndarray, "row phrase"],
    own: Sequence[int],
    activations: Float32[np.ndarray, "row unit"],
) -> ShuffledFaithfulness | None:
    """Every phrase against each unit that is said another one; None when all are said the same.

    `shown` are presences of the different phrases, `own` the phrase of each unit. Only the correlation is
    measured, without intervals: all pairs of a layer of 1,280 units and 2,000 rows take less than a second.
    """
    n_phrases = shown.shape[1]
    if n_phrases < 2:
        return None
    presences, places = standardised(shown), np.asarray(own)
    times = np.bincount(places)  # a phrase that several units are said is tried as often
    found = np.zeros(STEPS, np.int64)
    for start in range(0, len(places), _UNITS):
        active = standardised(activations[:, start : start + _UNITS])
        tried = times * (places[start : start + _UNITS, None] != np.arange(n_phrases))
        found += ShuffledFaithfulness.count(active.T @ presences / len(shown), tried)
    return ShuffledFaithfulness(tuple(found.tolist()))
