"""Multinomial logistic regression with an elastic net: the objective of linguistic correlation analysis.

Minimised is, over n tokens with labels l and standardised units x (Dalvi et al., AAAI 2019, per token),

    -1/n sum log P(l | x)  +  l1 sum k |w|  +  l2 sum w^2,        P = softmax(w x + bias)

by accelerated proximal steps (FISTA with backtracking and restarts). Most weights are zero at the minimum,
so the steps run on a working set of units: those whose gradient is beyond l1 at zero weight join it until
none is left, which is the condition for the minimum over all units.

There k is 1, or with `balanced` a factor for each class. The gradient of a unit that follows nothing spreads
as sqrt(p (1 - p)) for a class of share p. One l1 for all classes therefore lets many such units in for
frequent classes and keeps weak true ones out of rare classes; with k in proportion to that spread (1 on
average) chance gives every class as many units.
"""

from math import sqrt
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Float32, Int64

from milan.errors import BadSetting

__all__ = ["ElasticNet", "Fit", "Weights", "fit_elastic_net"]

_JOINING = 192
"""Units that join a working set at once, as long as it is smaller; later it may double."""
_STEPS = 300
_ROUNDS = 60
_NEAR = 0.02
"""How far a gradient may be from the minimum's, as a share of l1."""
_NEAREST = 1e-5
"""The same in nats, where l1 is next to nothing."""
_GROWTH = 1.6
"""Of the bound on the curvature, when a step went too far."""
_STEEPEST = 1e12
"""Beyond that no step is too far: there is nothing left to gain."""


class ElasticNet(NamedTuple):
    """How strongly weights are held back."""

    l1: float = 0.008
    """Times the sum of absolute weights: the larger, the fewer units have any."""
    l2: float = 0.2
    """Times the sum of squared weights: correlated units share what one of them would get. Little of it, and
    units that know nothing of a class get weights too, to take off noise that they share with those that do.
    """
    balanced: bool = True
    """Whether l1 follows the spread of each class's labels, or is the same for all as published."""

    def of_classes(self, shares: Float32[np.ndarray, " class"]) -> Float32[np.ndarray, "class 1"]:
        """Each class's own l1, from its share of the tokens."""
        spread = np.sqrt(shares * (1 - shares)) if self.balanced else np.ones_like(shares)
        found: Float32[np.ndarray, "class 1"] = (self.l1 * spread / spread.mean()).astype(np.float32)[:, None]
        return found

    def checked(self) -> Self:
        """Itself; BadSetting for a negative strength, or none at all (then there may be no minimum)."""
        if self.l1 < 0 or self.l2 < 0 or self.l1 + self.l2 == 0:
            raise BadSetting(f"an elastic net has l1 and l2 of 0 or more, not both 0, got {self}")
        return self


class Weights(NamedTuple):
    """A linear map from units to classes."""

    of_units: Float32[np.ndarray, "class unit"]
    bias: Float32[np.ndarray, " class"]

    def less(self, other: "Weights") -> "Weights":
        """The difference."""
        return Weights(self.of_units - other.of_units, self.bias - other.bias)

    def dot(self, other: "Weights") -> float:
        """Sum of products."""
        return float(np.vdot(self.of_units, other.of_units) + np.vdot(self.bias, other.bias))

    def scores(self, units: Float32[np.ndarray, "token unit"]) -> Float32[np.ndarray, "token class"]:
        """The map's value for each token."""
        found: Float32[np.ndarray, "token class"] = units @ self.of_units.T
        found += self.bias
        return found


class Fit(NamedTuple):
    """What was found."""

    weights: Weights
    nearness: Float32[np.ndarray, " unit"]
    """How near a unit comes to having a weight for any class: its gradient as a share of l1, from 0 for a
    constant unit to 1 for every unit that has one.
    """


def fit_elastic_net(
    units: Float32[np.ndarray, "token unit"],
    labels: Int64[np.ndarray, " token"],
    n_classes: int,
    penalty: ElasticNet,
    start: Weights | None = None,
) -> Fit:
    """The minimum, from zero weights or from those of a nearby penalty.

    Every class has tokens. Columns are standardised (`Standard`): the penalty falls on all units alike.
    """
    n_tokens, n_units = units.shape
    wanted = np.zeros((n_tokens, n_classes), np.float32)
    wanted[np.arange(n_tokens), labels] = 1
    l1 = penalty.checked().of_classes(wanted.mean(0))
    if start is None:
        bias = np.log(wanted.mean(0))
        start = Weights(np.zeros((n_classes, n_units), np.float32), bias - bias.mean())
    weights, bias, bound = start.of_units.copy(), start.bias, 1.0
    chosen = np.flatnonzero(weights.any(0))
    for _ in range(_ROUNDS):
        of_chosen = units if len(chosen) == n_units else units[:, chosen]
        found = Weights(weights[:, chosen], bias)
        if len(chosen):
            found, bound = _descend(of_chosen, wanted, found, (l1, penalty.l2), bound)
            weights[:, chosen], bias = found
        _, off = _loss(found.scores(of_chosen), wanted)
        slope = np.abs(off.T @ units) / n_tokens
        excess = (slope - l1 * (1 + _NEAR)).max(0)
        excess[chosen] = 0
        beyond = np.flatnonzero(excess > 0)
        if not len(beyond):
            break
        if penalty.l1:
            beyond = beyond[np.argsort(-excess[beyond], kind="stable")[: max(_JOINING, len(chosen))]]
        chosen = np.sort(np.concatenate([chosen, beyond]))
    nearness = np.minimum((slope / np.maximum(l1, _NEAREST)).max(0), 1)
    nearness[weights.any(0)] = 1
    return Fit(Weights(weights, bias), nearness)


def _descend(
    units: Float32[np.ndarray, "token unit"],
    wanted: Float32[np.ndarray, "token class"],
    start: Weights,
    held: tuple[Float32[np.ndarray, "class 1"], float],
    bound: float,
) -> tuple[Weights, float]:
    """The minimum over these units, and a bound on the curvature that steps of its size did with."""
    enough = max(_NEAR * float(held[0].min()), _NEAREST)
    now = at = start
    scores = at_scores = start.scores(units)
    momentum = 1.0
    for _ in range(_STEPS):
        loss, off = _loss(at_scores, wanted)
        slope = Weights(off.T @ units / len(units), off.mean(0))
        while True:
            new = _step(at, slope, held, bound)
            new_scores = new.scores(units)
            moved = new.less(at)
            allowed = loss + slope.dot(moved) + bound / 2 * moved.dot(moved)
            close_enough = 1e-7 * loss  # rounding is no curvature
            if _loss(new_scores, wanted)[0] <= allowed + close_enough or bound > _STEEPEST:
                break
            bound *= _GROWTH
        if moved.dot(new.less(now)) < 0:  # momentum carried it past the minimum
            momentum = 1.0
        following = (1 + sqrt(1 + 4 * momentum**2)) / 2
        ahead = np.float32((momentum - 1) / following)
        at = Weights(*(to + ahead * (to - since) for to, since in zip(new, now, strict=True)))
        at_scores = new_scores + ahead * (new_scores - scores)
        now, scores, momentum = new, new_scores, following
        if bound * max(float(np.abs(part).max()) for part in moved) < enough:
            break
    return now, bound


def _loss(
    scores: Float32[np.ndarray, "token class"], wanted: Float32[np.ndarray, "token class"]
) -> tuple[float, Float32[np.ndarray, "token class"]]:
    """Mean of -log P of the labels, and its slope in every score, times the number of tokens."""
    shifted = scores - scores.max(1, keepdims=True)
    chances = np.exp(shifted)
    total = chances.sum(1, keepdims=True)
    logs = np.einsum("tc,tc->t", shifted, wanted) - np.log(total[:, 0])
    chances /= total
    chances -= wanted
    return -float(logs.mean(dtype=np.float64)), chances


def _step(
    at: Weights, slope: Weights, held: tuple[Float32[np.ndarray, "class 1"], float], bound: float
) -> Weights:
    """One gradient step, then the penalty's own: a soft threshold, and shrinking."""
    moved = at.of_units - slope.of_units / np.float32(bound)
    size = np.maximum(np.abs(moved) - held[0] / np.float32(bound), 0)
    size /= np.float32(1 + 2 * held[1] / bound)
    return Weights(np.copysign(size, moved), at.bias - slope.bias / np.float32(bound))
