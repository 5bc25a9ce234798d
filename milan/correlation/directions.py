"""Directions that two networks share: singular vector canonical correlation analysis (SVCCA)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.correlation.moments import JointMoments
from milan.correlation.principal import whitened
from milan.errors import BadSetting

__all__ = ["SharedDirections", "shared_directions"]


class SharedDirections(NamedTuple):
    """Pairs of directions, the most correlated first."""

    correlation: Float64[np.ndarray, " direction"]
    """0 to 1."""
    first: Float64[np.ndarray, "direction unit"]
    """Weights of the first network's units; activations less their mean times these have variance 1."""
    second: Float64[np.ndarray, "direction unit"]

    @property
    def mean(self) -> float:
        """Mean canonical correlation: one figure of how alike the networks are."""
        return float(self.correlation.mean())


def shared_directions(
    moments: JointMoments, first: str, second: str, *, kept: float = 0.99
) -> SharedDirections:
    """Canonical correlations between the principal directions that keep a share of each network's variance.

    (Raghu et al., NeurIPS 2017; .99 is theirs and Bau's.) The correlations of directions fitted to few words
    are high by chance: give many times more words than units.
    """
    if not 0 < kept <= 1:
        raise BadSetting(f"a share of the variance lies in 0 to 1, got {kept}")
    one, other = whitened(moments, first, kept), whitened(moments, second, kept)
    left, found, right = np.linalg.svd(one.T @ moments.covariance(first, second) @ other, full_matrices=False)
    return SharedDirections(np.clip(found, 0, 1), (one @ left).T, (other @ right.T).T)
