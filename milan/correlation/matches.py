"""How surely other networks have a unit of the same kind (Bau et al., ICLR 2019)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from milan.correlation.moments import JointMoments
from milan.correlation.principal import whitened
from milan.errors import BadSetting, DataError

__all__ = ["Matches", "best_matches", "largest_match", "linear_fit", "smallest_match"]


class Matches(NamedTuple):
    """For each unit of a network, the unit of each other network that goes along with it most."""

    networks: tuple[str, ...]
    """The others."""
    correlation: Float64[np.ndarray, "network unit"]
    """Signed; the largest in size."""
    partner: Int64[np.ndarray, "network unit"]
    """Index of the unit in the other network."""


def best_matches(moments: JointMoments, network: str) -> Matches:
    """The closest unit of every other network, by the size of the correlation: a sign is no difference."""
    others = _others(moments, network)
    found, partners = [], []
    for other in others:
        r = moments.correlation(network, other)
        partner = np.abs(r).argmax(1)
        found.append(r[np.arange(len(r)), partner])
        partners.append(partner)
    return Matches(others, np.stack(found), np.stack(partners))


def largest_match(moments: JointMoments, network: str) -> Float64[np.ndarray, " unit"]:
    """MaxCorr: the largest |r| with any unit of any other network."""
    found: Float64[np.ndarray, " unit"] = np.abs(best_matches(moments, network).correlation).max(0)
    return found


def smallest_match(moments: JointMoments, network: str) -> Float64[np.ndarray, " unit"]:
    """MinCorr: the |r| with the closest unit of the network where that is least: what all have in common."""
    found: Float64[np.ndarray, " unit"] = np.abs(best_matches(moments, network).correlation).min(0)
    return found


def linear_fit(moments: JointMoments, network: str) -> Float64[np.ndarray, "network unit"]:
    """LinReg: share of a unit's variance that each other network's units predict together, linearly.

    One less the mean squared error of the standardised unit, adjusted for the number of predictors (a network
    of as many units as there are words predicts everything), so that it is 0 by chance; rank by the largest
    over networks. Units that are sums of others count once. DataError with fewer words than predictors.
    """
    own = np.diag(moments.covariance(network, network))
    found = []
    for other in _others(moments, network):
        basis = whitened(moments, other, 1.0)
        n_left = moments.n_words - 1 - basis.shape[1]
        if n_left < 1:
            raise DataError(
                f"{moments.n_words} words do not determine a map from {basis.shape[1]} units of {other}: "
                "give more words than units"
            )
        explained = np.square(basis.T @ moments.covariance(other, network)).sum(0)
        share = np.divide(explained, own, out=np.zeros_like(own), where=own > 0)
        found.append(np.where(own > 0, 1 - (1 - np.minimum(share, 1)) * (moments.n_words - 1) / n_left, 0))
    return np.stack(found)


def _others(moments: JointMoments, network: str) -> tuple[str, ...]:
    if network not in moments.n_units or len(moments.n_units) < 2:
        raise BadSetting(f"{network!r} is compared with others: got moments of {', '.join(moments.n_units)}")
    return tuple(name for name in moments.networks if name != network)
