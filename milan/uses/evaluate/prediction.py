"""What words predict of a layer's units, where neither exemplars nor words were chosen."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Float32, Float64

from milan.describe import Presence
from milan.describe.explanation import standardised
from milan.describe.text import Measurer
from milan.records import Measured
from milan.statistics import pearson

__all__ = ["NEAR", "RIVALS", "Correlations", "Sides", "Trial"]

RIVALS = 100
"""Units that a phrase chooses from."""
NEAR = 10


class Correlations(NamedTuple):
    """Of each unit's words with its activation, unit by unit."""

    mean: Float64[np.ndarray, " unit"]
    peak: Float64[np.ndarray, " unit"]


class Sides(NamedTuple):
    """Of an image a mean and a peak over its positions; of a word both are the same."""

    mean: Float32[np.ndarray, "measured column"]
    peak: Float32[np.ndarray, "measured column"]


class Trial:
    """Units of a layer, and how present any phrases are, in what was measured (images or words)."""

    def __init__(self, own: Sides, present: Callable[[Sequence[str]], Sides], *, two_sided: bool) -> None:
        self._own = own
        self._present = present
        self.two_sided = two_sided
        """Whether a phrase for all units may follow or oppose each: a text unit's ends are named apart."""

    @classmethod
    def of_images(cls, measured: Measured, units: Sequence[int], presence: Presence) -> Self:
        """What a simulator finds in the measured images."""
        rows = presence.rows(measured.images)

        def present(phrases: Sequence[str]) -> Sides:
            return Sides(*(side[rows].astype(np.float32) for side in presence.of(phrases)))

        own = Sides(measured.mean[:, list(units)], measured.peak[:, list(units)])
        return cls(own, present, two_sided=False)

    @classmethod
    def of_words(cls, measured: Float32[np.ndarray, "word unit"], measurer: Measurer) -> Self:
        """What is true of the words that measure; phrases are properties of them."""

        def present(phrases: Sequence[str]) -> Sides:
            found = measurer.named(phrases)
            return Sides(found, found)

        return cls(Sides(measured, measured), present, two_sided=True)

    def of(self, phrases: Mapping[int, str]) -> Correlations:
        """How well phrases predict units, by the unit's place among those of the trial."""
        shown, places = self._present(list(phrases.values())), list(phrases)
        return Correlations(
            *(pearson(side, own[:, places]) for side, own in zip(shown, self._own, strict=True))
        )

    def of_one(self, phrase: str) -> Correlations:
        """How well one phrase predicts all units, with whichever sign fits where there are two sides."""
        found = self.of(dict.fromkeys(range(self._own.mean.shape[1]), phrase))
        return Correlations(*map(np.abs, found)) if self.two_sided else found

    def finds_own(self, phrases: Sequence[str], rng: np.random.Generator) -> Float64[np.ndarray, " unit"]:
        """1 where a phrase's own unit is among the `NEAR` that it predicts best, of it and random others."""
        shown, own = standardised(self._present(phrases).mean), standardised(self._own.mean)
        found = np.zeros(len(phrases))
        for unit in range(len(phrases)):
            others = rng.permutation(len(phrases))
            rivals = others[others != unit][: RIVALS - 1]
            predicted = shown[:, unit] @ own[:, [unit, *rivals]]
            found[unit] = np.count_nonzero(predicted[1:] > predicted[0]) < NEAR
        return found
