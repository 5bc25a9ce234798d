"""Several weighted phrases that together follow a unit: "wheels; also round windows; not faces".

Phrases are added greedily, as linear explanations do (Oikarinen and Weng, ICML 2024, section 3): the one
that follows best what is left unexplained, then all weights fitted anew. Of the lists of one to five, the one
is kept that best predicts images which took no part in fitting; its weights are then fitted to all.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32, Float64

from milan.records import Explanation, WeightedPhrase

__all__ = ["explain_units", "predicted", "standardised"]

MOST_PHRASES = 5
_SHRINKAGE = 0.02
"""Share of a phrase's variance added to the diagonal: near-synonyms share a weight rather than cancel out."""


def explain_units(
    phrases: Sequence[str],
    shown: Float32[np.ndarray, "image phrase"],
    activations: Float32[np.ndarray, "image unit"],
    validation: Bool[np.ndarray, " image"],
) -> list[Explanation | None]:
    """Explain each unit by up to five phrases; None where not even one predicts the validation images.

    `shown` and `activations` hold standardised columns (`standardised`); weights are those of standardised
    presence for a standardised activation, so that they compare between phrases.
    """
    fit = ~validation
    x, y = shown[fit], activations[fit]
    units = range(y.shape[1])
    chosen: list[list[int]] = [[] for _ in units]
    by_chance = max(1, int(np.count_nonzero(validation))) ** -0.5  # spread of a correlation of noise
    n_kept, reached = [0] * len(units), [by_chance] * len(units)
    left = y.copy()
    for _ in range(min(MOST_PHRASES, len(phrases))):
        follows = np.abs(x.T @ left)
        for unit in units:
            follows[chosen[unit], unit] = -1
            chosen[unit].append(int(follows[:, unit].argmax()))
            own = chosen[unit]
            fitted = _fit(x[:, own], y[:, unit])
            left[:, unit] = y[:, unit] - x[:, own] @ fitted
            gained = _correlation(shown[validation][:, own] @ fitted, activations[validation, unit])
            if gained > reached[unit]:
                n_kept[unit], reached[unit] = len(own), gained
    return [
        _explanation(phrases, own[:n], _fit(shown[:, own[:n]], activations[:, unit])) if n else None
        for unit, own, n in zip(units, chosen, n_kept, strict=True)
    ]


def predicted(
    explanations: Sequence[Explanation | None],
    phrases: Sequence[str],
    shown: Float32[np.ndarray, "image phrase"],
) -> Float32[np.ndarray, "image unit"]:
    """What explanations say of images: the weighted sum of standardised presences, 0 for None."""
    place = {phrase: at for at, phrase in enumerate(phrases)}
    weights = np.zeros((len(phrases), len(explanations)), np.float32)
    for unit, explanation in enumerate(explanations):
        for term in () if explanation is None else explanation.terms:
            weights[place[term.phrase], unit] = term.weight
    found: Float32[np.ndarray, "image unit"] = shown @ weights
    return found


def standardised(values: Float32[np.ndarray, "image column"]) -> Float32[np.ndarray, "image column"]:
    """Columns of mean 0 and spread 1; zeros where a column never changes."""
    centred = values - values.mean(axis=0)
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
    phrases: Sequence[str], chosen: Sequence[int], weights: Float64[np.ndarray, " term"]
) -> Explanation:
    terms = [WeightedPhrase(phrases[at], float(weight)) for at, weight in zip(chosen, weights, strict=True)]
    return Explanation(tuple(sorted(terms, key=lambda term: (-abs(term.weight), term.phrase))))
