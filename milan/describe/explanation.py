"""Several weighted phrases that together follow a unit: "wheels; also round windows; not faces".

Phrases are chosen greedily (`describe.greedy`) by images to fit to and others to stop by; their weights are
then fitted to all. Mean and peak activation share the phrases and have weights of their own.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Bool, Float, Float32

from milan.describe.greedy import DenseColumns, choose_columns, fit_weights
from milan.records import Explanation, WeightedPhrase

__all__ = ["Sides", "Split", "explain_units", "predicted", "standardised"]


class Sides(NamedTuple):
    """Standardised columns of a mean and of a peak."""

    mean: Float32[np.ndarray, "image column"]
    peak: Float32[np.ndarray, "image column"]

    @classmethod
    def of(cls, mean: Float[np.ndarray, "image column"], peak: Float[np.ndarray, "image column"]) -> Self:
        """Standardise both."""
        return cls(standardised(mean), standardised(peak))

    def columns(self, chosen: Sequence[int]) -> Self:
        """Some of the columns."""
        return type(self)(self.mean[:, list(chosen)], self.peak[:, list(chosen)])

    def images(self, chosen: Bool[np.ndarray, " image"]) -> Self:
        """Some of the images."""
        return type(self)(self.mean[chosen], self.peak[chosen])


class Split(NamedTuple):
    """Images to fit to, and images to stop by."""

    fitting: Sides
    validating: Sides

    @classmethod
    def of(cls, sides: Sides, validation: Bool[np.ndarray, " image"]) -> Self:
        """Images that validate, and all others."""
        return cls(sides.images(~validation), sides.images(validation))

    def columns(self, chosen: Sequence[int]) -> Self:
        """Some of the columns."""
        return type(self)(self.fitting.columns(chosen), self.validating.columns(chosen))

    @property
    def together(self) -> Sides:
        """All images."""
        return Sides(*(np.concatenate(side) for side in zip(self.fitting, self.validating, strict=True)))


def explain_units(phrases: Sequence[str], shown: Split, activations: Split) -> list[Explanation | None]:
    """Explain each unit by up to five phrases; None where not even one predicts the validation images.

    `shown` has a column a phrase, `activations` a column a unit; weights are those of standardised presence
    for a standardised activation, so that they compare between phrases.
    """
    fitting, validating = (
        [(DenseColumns(x), y) for x, y in zip(columns, values, strict=True)]
        for columns, values in zip(shown, activations, strict=True)
    )
    return [
        _explanation(phrases, own, shown.columns(own), activations.columns([unit])) if own else None
        for unit, own in enumerate(choose_columns(fitting, validating, len(phrases)))
    ]


def predicted(
    explanations: Sequence[Explanation | None], phrases: Sequence[str], shown: Sides
) -> tuple[Float32[np.ndarray, "image unit"], Float32[np.ndarray, "image unit"]]:
    """What explanations say of mean and peak: weighted sums of standardised presences, 0 for None."""
    place = {phrase: at for at, phrase in enumerate(phrases)}
    mean, peak = np.zeros((2, len(phrases), len(explanations)), np.float32)
    for unit, explanation in enumerate(explanations):
        for term in () if explanation is None else explanation.terms:
            mean[place[term.phrase], unit] = term.weight
            peak[place[term.phrase], unit] = term.peak_weight
    return shown.mean @ mean, shown.peak @ peak


def standardised(values: Float[np.ndarray, "image column"]) -> Float32[np.ndarray, "image column"]:
    """Columns of mean 0 and spread 1; zeros where a column never changes."""
    centred = values.astype(np.float32) - values.mean(axis=0, dtype=np.float32)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 1e-12, spread, 1), np.float32)


def _explanation(
    phrases: Sequence[str], chosen: Sequence[int], shown: Split, activation: Split
) -> Explanation:
    sides = zip(shown.together, activation.together, strict=True)
    weights, peak_weights = (fit_weights(x, y[:, 0]) for x, y in sides)
    terms = [
        WeightedPhrase(phrases[at], float(weight), float(peak_weight))
        for at, weight, peak_weight in zip(chosen, weights, peak_weights, strict=True)
    ]
    return Explanation(tuple(sorted(terms, key=lambda term: (-abs(term.weight), term.phrase))))
