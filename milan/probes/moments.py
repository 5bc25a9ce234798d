"""Units class by class without training: moments of each unit, and what they say of a class."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float64, Int64

from milan.probes.labelled import Labelled
from milan.probes.standard import Standard

__all__ = ["ClassMoments", "class_mean_z", "gaussian", "probeless"]


@dataclass(frozen=True, slots=True, eq=False)
class ClassMoments:
    """How many tokens each class has, and mean and variance of each standardised unit over them."""

    count: Int64[np.ndarray, " class"]
    mean: Float64[np.ndarray, "class unit"]
    variance: Float64[np.ndarray, "class unit"]

    @classmethod
    def of(cls, tokens: Labelled) -> Self:
        """Standardise the units, then two products of matrices; DataError for a class without tokens."""
        count = tokens.counts()
        units = Standard.of(tokens.matrix).apply(tokens.matrix)
        member = np.zeros((tokens.n_classes, len(tokens)), np.float32)
        member[tokens.labels, np.arange(len(tokens))] = 1
        per_token = count[:, None].astype(np.float64)
        mean = (member @ units) / per_token
        return cls(count, mean, np.maximum((member @ np.square(units)) / per_token - mean**2, 0))

    def of_others(self) -> tuple[Float64[np.ndarray, "class unit"], Float64[np.ndarray, "class unit"]]:
        """Mean and variance over the tokens of all other classes."""
        count = self.count[:, None]
        rest = count.sum() - count
        total = (count * self.mean).sum(0)
        squares = (count * (self.variance + self.mean**2)).sum(0)
        mean = (total - count * self.mean) / rest
        own = count * (self.variance + self.mean**2)
        return mean, np.maximum((squares - own) / rest - mean**2, 0)


def class_mean_z(moments: ClassMoments) -> Float64[np.ndarray, "class unit"]:
    """How many standard errors a class's mean lies from that of all tokens: near 1 by chance."""
    count = moments.count[:, None]
    share = count / count.sum()
    overall = (share * moments.mean).sum(0)
    found: Float64[np.ndarray, "class unit"] = np.abs(moments.mean - overall) * np.sqrt(count / (1 - share))
    return found


def probeless(moments: ClassMoments) -> Float64[np.ndarray, "class unit"]:
    """Sum of distances between a class's mean and every other class's (Antverg and Belinkov, ICLR 2022).

    There it is taken of raw activations, where it follows the scale of a unit; here of standardised ones.
    """
    mean = moments.mean
    found = np.zeros_like(mean)
    for other in mean:
        found += np.abs(mean - other)
    return found


def gaussian(moments: ClassMoments) -> Float64[np.ndarray, "class unit"]:
    """What a Gaussian for the class and one for the rest say more of a unit than one for all, nats a token.

    The gain in likelihood of the two-Gaussian classifier of a single unit (Bau et al., ICLR 2019).
    """
    share = moments.count[:, None] / moments.count.sum()
    mean, variance = moments.of_others()
    both = (
        share * moments.variance + (1 - share) * variance + share * (1 - share) * (moments.mean - mean) ** 2
    )
    alive = both > 1e-12
    floor = np.maximum(1e-6 * both, 1e-300)  # a unit that is constant within a class tells it apart for good
    parts = share * np.log(np.maximum(moments.variance, floor))
    parts += (1 - share) * np.log(np.maximum(variance, floor))
    return np.where(alive, np.maximum(np.log(np.maximum(both, floor)) - parts, 0) / 2, 0)
