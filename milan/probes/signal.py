"""Which classes a probe knows anything of."""

import numpy as np
from jaxtyping import Bool

from milan.probes.labelled import Labelled
from milan.probes.probe import Probe
from milan.statistics.shares import benjamini_hochberg

__all__ = ["classes_with_signal"]


def classes_with_signal(probe: Probe, held_out: Labelled, rate: float = 0.05) -> Bool[np.ndarray, " class"]:
    """Classes whose tokens score higher than the rest's, on tokens that the probe did not learn from.

    By the rank-sum test, at a rate of false findings over classes. A class without tokens has no signal. The
    weights of the others are noise, of which each class would put as much first as any (`Probe.ranking`).
    """
    from scipy.stats import mannwhitneyu

    scores = probe.scores(held_out.matrix)
    others = scores - scores.mean(1, keepdims=True)
    chances = np.ones(scores.shape[1])
    for number in range(scores.shape[1]):
        own = held_out.labels == number
        if own.any() and not own.all() and probe.weights[number].any():
            chances[number] = mannwhitneyu(
                others[own, number], others[~own, number], alternative="greater"
            ).pvalue
    found: Bool[np.ndarray, " class"] = benjamini_hochberg(chances.tolist()) <= rate
    return found
