"""What stands behind each pair of units: figures with intervals, and the words of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float32, Float64

from milan.records import Figure, UnitId
from milan.statistics import average
from milan.statistics.shares import Share, share
from milan.uses.compare.evidence import Evidence
from milan.uses.compare.pairing import Pairing
from milan.uses.compare.words import Words

__all__ = ["OTHERWISE", "SURE", "UNSURE", "LoneUnit", "UnitPair", "describe_pairs"]

SURE = 0.05
"""Share of false matches among those that are said to match."""
UNSURE = 0.25
"""Chance up to which a pair that is not surely a match is not said to be none either: its units are more
alike than three in four units and their nearest neighbours.
"""
OTHERWISE = 0.4
"""Cosine of two phrases below which a matched unit is said to respond to something else."""
_DRAWS = 500
_PAIRS = 256
"""Pairs whose images are drawn anew at a time."""


@dataclass(frozen=True, slots=True)
class UnitPair:
    """A unit of the first network, and the one of the second that is paired with it."""

    first: UnitId
    second: UnitId
    likeness: float
    """What pairs were chosen by: 1 for the very same, about 0 for strangers."""
    chance: float
    """Share of units whose nearest neighbour within their own network is as alike."""
    corrected: float
    """Rate of false matches among pairs of the layer that are as sure."""
    activations: Figure | None
    """Correlation over images (of mean and peak activation, averaged), with a 95 % interval over images drawn
    anew; None where too few images were kept, and of a text.
    """
    exemplars: Share
    """Of the exemplars of the first, those that are exemplars of the second too, with Wilson's interval."""
    regions: Figure | None
    """Intersection over union of regions, averaged over shared exemplars, with an interval over these; None
    where no exemplar is shared, or where the networks crop images differently.
    """
    phrases: tuple[str | None, str | None]
    """Best phrase of each, said or held back."""
    words: float | None
    """Cosine of the phrases' meanings."""

    @property
    def verdict(self) -> Literal["matched", "unsure", "unlike"]:
        """What is said of the pair."""
        if self.corrected <= SURE:
            return "matched"
        return "unsure" if self.chance <= UNSURE else "unlike"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "first": str(self.first),
            "second": str(self.second),
            "likeness": self.likeness,
            "p": self.chance,
            "q": self.corrected,
            "activations": _listed(self.activations),
            "exemplars": _listed(self.exemplars),
            "regions": _listed(self.regions),
            "first_phrase": self.phrases[0],
            "second_phrase": self.phrases[1],
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class LoneUnit:
    """A unit that the other network has no surely matching one of."""

    unit: UnitId
    phrase: str | None
    nearest: UnitId | None
    """The most alike unit of the other network, paired with another or not; None where it has none."""
    nearest_phrase: str | None
    likeness: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "unit": str(self.unit),
            "phrase": self.phrase,
            "nearest": None if self.nearest is None else str(self.nearest),
            "nearest_phrase": self.nearest_phrase,
            "likeness": self.likeness,
        }


def describe_pairs(
    pairing: Pairing, first: Evidence, second: Evidence, words: Words, *, by_place: bool, seed: int = 0
) -> tuple[UnitPair, ...]:
    """The pairs of two aligned sides, in the order of the pairing."""
    activations = _correlations(
        first.some(pairing.first.tolist()), second.some(pairing.second.tolist()), seed
    )
    found = []
    for at, (a, b) in enumerate(zip(pairing.first.tolist(), pairing.second.tolist(), strict=True)):
        own, other = first.highest[a], second.highest[b]
        shared = [image for image in own if image in other]
        overlaps = [_overlap(own[image], other[image]) for image in shared] if by_place else []
        found.append(
            UnitPair(
                first=first.units[a],
                second=second.units[b],
                likeness=float(pairing.likeness[at]),
                chance=float(pairing.chance[at]),
                corrected=float(pairing.corrected[at]),
                activations=activations[at] if activations else None,
                exemplars=share(len(shared), len(own)),
                regions=average(overlaps, seed) if overlaps else None,
                phrases=words.phrases(first.units[a], second.units[b]),
                words=words.cosine(first.units[a], second.units[b]),
            )
        )
    return tuple(found)


def _correlations(first: Evidence, second: Evidence, seed: int) -> Sequence[Figure]:
    """Of pairs of units, column by column; none without images."""
    n = len(first.images)
    if not n:
        return []
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=_DRAWS).astype(np.float32)
    as_seen = np.ones((1, n), np.float32)
    found = []
    for start in range(0, len(first.units), _PAIRS):
        some = slice(start, start + _PAIRS)
        value, draws = (
            (
                _weighted(times, first.mean[:, some], second.mean[:, some])
                + _weighted(times, first.peak[:, some], second.peak[:, some])
            )
            / 2
            for times in (as_seen, drawn)
        )
        low, high = np.quantile(draws, [0.025, 0.975], axis=0)
        found += [Figure(*map(float, bounds)) for bounds in zip(value[0], low, high, strict=True)]
    return found


def _weighted(
    times: Float32[np.ndarray, "draw image"],
    first: Float32[np.ndarray, "image pair"],
    second: Float32[np.ndarray, "image pair"],
) -> Float64[np.ndarray, "draw pair"]:
    """Pearson's correlation of each pair, with each image counted so many times; 0 where one is constant."""
    x, y = ((side - side.mean(axis=0)).astype(np.float64) for side in (first, second))
    n = times.sum(axis=1, keepdims=True)
    mean_x, mean_y, xx, yy, xy = (times @ part / n for part in (x, y, x * x, y * y, x * y))
    spread = np.sqrt(np.maximum(xx - mean_x**2, 0) * np.maximum(yy - mean_y**2, 0))
    r: Float64[np.ndarray, "draw pair"] = np.divide(
        xy - mean_x * mean_y, spread, out=np.zeros_like(xy), where=spread > 1e-12
    )
    bounded: Float64[np.ndarray, "draw pair"] = np.clip(r, -1, 1)
    return bounded


def _overlap(own: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    shared = len(np.intersect1d(own, other, assume_unique=True))
    return shared / (len(own) + len(other) - shared)


def _listed(figure: Figure | Share | None) -> list[float] | None:
    return None if figure is None else [float(part) for part in figure]
