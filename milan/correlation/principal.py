"""The directions along which a network varies."""

import numpy as np
from jaxtyping import Float64

from milan.correlation.moments import JointMoments
from milan.errors import DataError

__all__ = ["whitened"]


def whitened(moments: JointMoments, network: str, kept: float) -> Float64[np.ndarray, "unit direction"]:
    """Principal directions of a network, scaled to variance 1, that keep a share of its variance."""
    values, directions = np.linalg.eigh(moments.covariance(network, network))
    values, directions = values[::-1], directions[:, ::-1]
    positive = values > values[0] * 1e-10  # beyond are directions that never change
    if not positive.any() or values[0] <= 0:
        raise DataError(f"no unit of {network} ever changes: there is nothing to compare")
    share = np.cumsum(np.where(positive, values, 0)) / values[positive].sum()
    n = min(int(np.searchsorted(share, kept * (1 - 1e-12))) + 1, int(positive.sum()))
    scaled: Float64[np.ndarray, "unit direction"] = directions[:, :n] / np.sqrt(values[:n])
    return scaled
