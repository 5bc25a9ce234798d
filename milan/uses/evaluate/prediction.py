"""What words predict of a layer's units, on images that chose neither exemplars nor words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.describe import Presence
from milan.describe.explanation import standardised
from milan.records import Measured
from milan.statistics import pearson

__all__ = ["NEAR", "RIVALS", "Correlations", "Trial"]

RIVALS = 100
"""Units that a phrase chooses from."""
NEAR = 10
_ROWS = 256  # phrases against all units at a time


class Correlations(NamedTuple):
    """Of each unit's words with its activation, unit by unit."""

    mean: Float64[np.ndarray, " unit"]
    peak: Float64[np.ndarray, " unit"]


class Trial:
    """Units of a layer in the measured images, and what a simulator finds there."""

    def __init__(self, measured: Measured, units: Sequence[int], presence: Presence) -> None:
        self._presence = presence
        self._rows = presence.rows(measured.images)
        self._own = measured.mean[:, list(units)], measured.peak[:, list(units)]

    def of(self, phrases: Mapping[int, str]) -> Correlations:
        """How well phrases predict units, by the unit's place among those of the trial."""
        shown = self._presence.of(list(phrases.values()))
        places = list(phrases)
        return Correlations(
            *(
                pearson(side[self._rows].astype(np.float32), own[:, places])
                for side, own in zip(shown, self._own, strict=True)
            )
        )

    def finds_own(self, phrases: Sequence[str], rng: np.random.Generator) -> Float64[np.ndarray, " unit"]:
        """1 where a phrase's own unit is among the `NEAR` that it predicts best, of it and random others."""
        mean = self._presence.of(phrases).mean[self._rows].astype(np.float32)
        shown, own = standardised(mean), standardised(self._own[0])
        found = np.zeros(len(phrases))
        for unit in range(len(phrases)):
            others = rng.permutation(len(phrases))
            rivals = others[others != unit][: RIVALS - 1]
            predicted = shown[:, unit] @ own[:, [unit, *rivals]]
            found[unit] = np.count_nonzero(predicted[1:] > predicted[0]) < NEAR
        return found
