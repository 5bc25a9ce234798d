"""Several weighted phrases that together follow a unit: "wheels; also round windows; not faces".

Phrases are added greedily, as linear explanations do (Oikarinen and Weng, ICML 2024, section 3): the one
that follows best what is left unexplained, then all weights fitted anew. Of the lists of one to five, the one
is kept that best predicts images which took no part in fitting; its weights are then fitted to all. Mean and
peak activation share the phrases and have weights of their own.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64

from milan.records import Explanation, WeightedPhrase

__all__ = ["Sides", "Split", "explain_units", "predicted", "standardised"]

MOST_PHRASES = 5
_SHRINKAGE = 0.02
"""Share of a phrase's variance added to the diagonal: near-synonyms share a weight rather than cancel out."""


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
    (x, held_x), (y, held_y) = shown, activations
    units = range(y.mean.shape[1])
    chosen: list[list[int]] = [[] for _ in units]
    by_chance = max(1, len(held_y.mean)) ** -0.5  # spread of a correlation of noise
    n_kept, reached = [0] * len(units), [by_chance] * len(units)
    left = Sides(y.mean.copy(), y.peak.copy())
    for _ in range(min(MOST_PHRASES, len(phrases))):
        follows = (x.mean.T @ left.mean) ** 2 + (x.peak.T @ left.peak) ** 2
        for unit in units:
            follows[chosen[unit], unit] = -1
            chosen[unit].append(int(follows[:, unit].argmax()))
            own = chosen[unit]
            gained = 0.0
            for own_x, own_y, own_left, far_x, far_y in zip(x, y, left, held_x, held_y, strict=True):
                fitted = _fit(own_x[:, own], own_y[:, unit])
                own_left[:, unit] = own_y[:, unit] - own_x[:, own] @ fitted
                gained += _correlation(far_x[:, own] @ fitted, far_y[:, unit]) / len(y)
            if gained > reached[unit]:
                n_kept[unit], reached[unit] = len(own), gained
    return [
        _explanation(phrases, own[:n], shown.columns(own[:n]), activations.columns([unit])) if n else None
        for unit, own, n in zip(units, chosen, n_kept, strict=True)
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


def _fit(
    x: Float32[np.ndarray, "image term"], y: Float32[np.ndarray, " image"]
) -> Float64[np.ndarray, " term"]:
    square = (x.T @ x).astype(np.float64)
    square[np.diag_indices(len(square))] += _SHRINKAGE * len(x)
    fitted: Float64[np.ndarray, " term"] = np.linalg.solve(square, (x.T @ y).astype(np.float64))
    return fitted


def _correlation(x: Float64[np.ndarray, " image"], y: Float32[np.ndarray, " image"]) -> float:
    if x.std() < 1e-12 or y.std() < 1e-12:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _explanation(
    phrases: Sequence[str], chosen: Sequence[int], shown: Split, activation: Split
) -> Explanation:
    sides = zip(shown.together, activation.together, strict=True)
    weights, peak_weights = (_fit(x, y[:, 0]) for x, y in sides)
    terms = [
        WeightedPhrase(phrases[at], float(weight), float(peak_weight))
        for at, weight, peak_weight in zip(chosen, weights, peak_weights, strict=True)
    ]
    return Explanation(tuple(sorted(terms, key=lambda term: (-abs(term.weight), term.phrase))))
