"""A linear probe: what class a token has, read off its activations."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Float32, Int64

from milan.probes.elastic_net import ElasticNet, Weights, fit_elastic_net
from milan.probes.labelled import Labelled
from milan.probes.ranking import Ranking, rank_by_mass
from milan.probes.standard import Standard

__all__ = ["Probe"]

_REFIT_L2 = 0.03
"""Squared penalty at most when only the chosen units are left."""


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A trained probe, on the scale of its own standardised units.

    The elastic net chooses units and says by how much they matter: `weights` rank. A penalty that chooses
    also shrinks what it chose, so predictions come from a second fit to the chosen units alone, without l1
    (the relaxed lasso of Meinshausen, 2007).

    probe = Probe.train(train)
    accuracy = probe.right(test).mean()
    ranking = probe.ranking()
    """

    standard: Standard
    penalty: ElasticNet
    fitted: Weights
    """The minimum under the penalty."""
    nearness: Float32[np.ndarray, " unit"]
    """How near each unit comes to having a weight, 0 to 1."""
    refitted: Weights
    """What predicts; 0 for units that have no weight in the minimum."""

    @classmethod
    def train(cls, tokens: Labelled, penalty: ElasticNet | None = None, *, start: Self | None = None) -> Self:
        """The probe of least loss; `start`, one of a nearby penalty, only saves time.

        DataError for a class without tokens.
        """
        chosen = penalty or ElasticNet()
        tokens.counts()
        standard = Standard.of(tokens.matrix)
        units = standard.apply(tokens.matrix)
        begin = None if start is None else start.fitted
        fitted, nearness = fit_elastic_net(units, tokens.labels, tokens.n_classes, chosen, begin)
        return cls(standard, chosen, fitted, nearness, _refitted(units, tokens, fitted, chosen))

    @property
    def weights(self) -> Float32[np.ndarray, "class unit"]:
        """Of standardised units, as the elastic net left them; 0 for most, and for every constant one."""
        return self.fitted.of_units

    def ranking(self, classes: Bool[np.ndarray, " class"] | None = None) -> Ranking:
        """Linguistic correlation analysis' order (`rank_by_mass`), of some of the classes or of all.

        Units without weight follow by how near they come to having one, constant ones last.
        """
        return rank_by_mass(self.weights, classes, self.nearness)

    def scores(
        self, matrix: Float[np.ndarray, "token unit"], kept: Bool[np.ndarray, " unit"] | None = None
    ) -> Float32[np.ndarray, "token class"]:
        """Log chances of the classes but for a constant; units that are not kept are held at their mean."""
        of_units, bias = self.refitted
        counted = of_units.any(0) if kept is None else of_units.any(0) & kept
        units = np.flatnonzero(counted)
        return Weights(of_units[:, units], bias).scores(self.standard.apply(matrix, units))

    def predict(
        self, matrix: Float[np.ndarray, "token unit"], kept: Bool[np.ndarray, " unit"] | None = None
    ) -> Int64[np.ndarray, " token"]:
        """The likeliest class of each token; the first of equal ones."""
        found: Int64[np.ndarray, " token"] = self.scores(matrix, kept).argmax(1)
        return found

    def right(
        self, tokens: Labelled, kept: Bool[np.ndarray, " unit"] | None = None
    ) -> Bool[np.ndarray, " token"]:
        """Which tokens are given their label."""
        found: Bool[np.ndarray, " token"] = self.predict(tokens.matrix, kept) == tokens.labels
        return found


def _refitted(
    units: Float32[np.ndarray, "token unit"], tokens: Labelled, fitted: Weights, penalty: ElasticNet
) -> Weights:
    chosen = np.flatnonzero(fitted.of_units.any(0))
    if not len(chosen):
        return fitted
    little = ElasticNet(0, min(penalty.l2 or _REFIT_L2, _REFIT_L2))
    again = fit_elastic_net(units[:, chosen], tokens.labels, tokens.n_classes, little).weights
    of_units = np.zeros_like(fitted.of_units)
    of_units[:, chosen] = again.of_units
    return Weights(of_units, again.bias)
