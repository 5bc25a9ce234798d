"""What following a unit's whole range is worth, in nats."""

import numpy as np
from jaxtyping import Float32, Float64

__all__ = ["range_evidence"]

_INDEPENDENT = 100


def range_evidence(follows: Float32[np.ndarray, " phrase"]) -> Float64[np.ndarray, " phrase"]:
    """What a correlation r with the whole range says for a phrase, in nats: -n/2 log(1 - r^2), with r's sign.

    It is the log-likelihood that a phrase gains over chance when activations scatter normally around what it
    predicts. n stands for the images that are independent of one another; it is a constant, so that
    a larger sample makes a phrase surer but does not change how much it counts.
    """
    r = np.clip(follows.astype(np.float64), -0.99, 0.99)
    found: Float64[np.ndarray, " phrase"] = -np.sign(r) * _INDEPENDENT / 2 * np.log1p(-(r**2))
    return found
