"""The ways to rank units by labels, under one call: scores of every unit for every class, and an order.

| name                | a unit's score for a class                                                    |
|---------------------|-------------------------------------------------------------------------------|
| `lca`               | its weight in an elastic-net probe; order by cumulative mass (Dalvi 2019)     |
| `probeless`         | distances of the class's mean to all others' (Antverg and Belinkov 2022)      |
| `gaussian`          | what two Gaussians say more than one, nats (Bau 2019)                         |
| `average_precision` | how high its highest or lowest activations put the class, above chance        |
| `class_mean_z`      | how many standard errors the class's mean is off                              |

All of them work on standardised units, so that none depends on a unit's scale.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.errors import UnknownName
from milan.probes.average_precision import average_precision
from milan.probes.elastic_net import ElasticNet, fit_elastic_net
from milan.probes.labelled import Labelled
from milan.probes.moments import ClassMoments, class_mean_z, gaussian, probeless
from milan.probes.ranking import Ranking, rank_by_mass, rank_by_strongest
from milan.probes.standard import Standard

__all__ = ["RANKERS", "Ranked", "Ranker", "ranker"]


class Ranked(NamedTuple):
    """What a ranker found."""

    scores: Float64[np.ndarray, "class unit"]
    """0 or more, the higher the more the unit says of the class; 0 for a constant unit."""
    ranking: Ranking


Ranker = Callable[[Labelled], Ranked]


def ranker(name: str, penalty: ElasticNet | None = None) -> Ranker:
    """The ranker of this name; the penalty is that of `lca`. UnknownName with the nearest one."""
    if name not in RANKERS:
        raise UnknownName("ranker", name, RANKERS, f"There are {', '.join(RANKERS)}")
    return partial(_lca, penalty=penalty) if name == "lca" else RANKERS[name]


def _lca(tokens: Labelled, penalty: ElasticNet | None = None) -> Ranked:
    """The weights and order of a `Probe`, without the second fit that only predictions need."""
    tokens.counts()
    units = Standard.of(tokens.matrix).apply(tokens.matrix)
    fit = fit_elastic_net(units, tokens.labels, tokens.n_classes, penalty or ElasticNet())
    weights = fit.weights.of_units
    return Ranked(np.abs(weights).astype(np.float64), rank_by_mass(weights, rest=fit.nearness))


def _by_moments(
    score: Callable[[ClassMoments], Float64[np.ndarray, "class unit"]], tokens: Labelled
) -> Ranked:
    found = score(ClassMoments.of(tokens))
    return Ranked(found, rank_by_strongest(found))


def _average_precision(tokens: Labelled) -> Ranked:
    best = np.maximum(average_precision(tokens), average_precision(tokens, lowest=True))
    share = tokens.counts()[:, None] / len(tokens)
    changes = tokens.matrix.max(0) > tokens.matrix.min(0)
    found = np.where(changes, np.maximum(best - share, 0) / (1 - share), 0)
    return Ranked(found, rank_by_strongest(found))


RANKERS: dict[str, Ranker] = {
    "lca": _lca,
    "probeless": partial(_by_moments, probeless),
    "gaussian": partial(_by_moments, gaussian),
    "average_precision": _average_precision,
    "class_mean_z": partial(_by_moments, class_mean_z),
}
