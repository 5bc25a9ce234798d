"""Units that are on, or off, exactly while the network reads a suffix."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float64

from milan.records import Figure
from milan.uses.text.study.sample import Sample

__all__ = ["SuffixTable", "follow_suffix"]

_DRAWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class SuffixTable:
    """Every unit's correlation with "inside the suffix"; positive: on within it, negative: off."""

    found: Float64[np.ndarray, " unit"]
    """On every second sentence: what units are chosen by."""
    held_out: Float64[np.ndarray, " unit"]
    """On the others: what is reported."""
    best: int
    """The unit that is furthest from 0 in `found`."""
    figure: Figure
    """Its correlation on held-out sentences, with an interval over sentences."""
    by_letter: float
    """What knowing the input letter alone is worth there: the share of its positions that lie inside."""
    n_inside: int
    """Characters inside the suffix in held-out sentences."""


def follow_suffix(
    activations: Float[np.ndarray, "position unit"], marks: Bool[np.ndarray, " position"], sample: Sample
) -> SuffixTable:
    """Correlate on every second sentence, and again on the others."""
    is_held_out = sample.text_of % 2 == 1
    inside = marks.astype(np.float32)
    found, held_out = (_correlation(activations[side], inside[side]) for side in (~is_held_out, is_held_out))
    best = int(np.abs(found).argmax())
    known, n_inputs = sample.inputs[~is_held_out], len(sample.vocabulary.inputs)
    n_inside = np.bincount(known, weights=inside[~is_held_out], minlength=n_inputs)
    share = n_inside / np.maximum(np.bincount(known, minlength=n_inputs), 1)
    by_letter = _correlation(share[sample.inputs[is_held_out]][:, None], inside[is_held_out])[0]
    low, high = _interval(activations[is_held_out, best], inside[is_held_out], sample.text_of[is_held_out])
    return SuffixTable(
        found,
        held_out,
        best,
        Figure(float(held_out[best]), low, high),
        float(by_letter),
        int(inside[is_held_out].sum()),
    )


def _correlation(
    values: Float[np.ndarray, "position unit"], inside: Float[np.ndarray, " position"]
) -> Float64[np.ndarray, " unit"]:
    """Pearson's r of each column; 0 where one of the two never changes. Sums in float64, unit by unit."""
    found = np.zeros(values.shape[1])
    target = inside - inside.mean(dtype=np.float64)
    for unit in range(values.shape[1]):
        own = values[:, unit] - values[:, unit].mean(dtype=np.float64)
        size = np.sqrt((own @ own) * (target @ target))
        found[unit] = (own @ target) / size if size > 0 else 0
    return found


def _interval(
    values: Float[np.ndarray, " position"],
    inside: Float[np.ndarray, " position"],
    text_of: Float[np.ndarray, " position"],
) -> tuple[float, float]:
    """Sentences drawn anew: r is a function of six sums, and each sentence has its own."""
    x, y = values.astype(np.float64), inside.astype(np.float64)
    columns = np.stack(
        [np.bincount(text_of, weights=w) for w in (np.ones_like(x), x, y, x * y, x * x, y * y)], 1
    )
    columns = columns[columns[:, 0] > 0]
    drawn = np.random.default_rng(0).multinomial(
        len(columns), np.full(len(columns), 1 / len(columns)), _DRAWS
    )
    n, sx, sy, sxy, sxx, syy = (drawn @ columns).T
    r = (sxy - sx * sy / n) / np.sqrt(np.maximum((sxx - sx**2 / n) * (syy - sy**2 / n), 1e-300))
    low, high = np.quantile(r, [0.025, 0.975])
    return float(low), float(high)
