"""log p(d), in two ways: what is often said at all, or what fits other units of the layer as well.

The language prior asks the captioner with no evidence. The network prior is the mean likelihood of a phrase
over a fixed sample of the layer's units, so that mutual information becomes what makes a phrase
distinctive within that network: "an animal" may be rare in language and still fit every unit.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float64

from captioner.protocols import Captioner, LogLikelihood
from milan.describe.evidence import LayerEvidence

__all__ = ["Priors", "reference_units"]

REFERENCES = 32
"""Units of the reference sample."""
_TOGETHER = 64
"""Phrases asked of the reference units at a time; a captioner holds the scores of all of them at once."""


class Priors:
    """log p(d) of every candidate of a layer, asked once a phrase: look-alike units share most of theirs."""

    def __init__(
        self,
        kind: Literal["language", "network"],
        captioner: Captioner,
        evidence: LayerEvidence,
        phrases: Iterable[str],
    ) -> None:
        known = sorted(set(phrases))  # sorted: the batches inside must not depend on the order of units
        self._place = {phrase: position for position, phrase in enumerate(known)}
        self._all = (
            captioner.log_p_prior(known)
            if kind == "language"
            else _mean_likelihood(captioner, evidence, known)
        )

    def of(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d) of some of the phrases."""
        places = np.array([self._place[phrase] for phrase in phrases], np.intp)
        return LogLikelihood(self._all.total[places], self._all.n_tokens[places])


def reference_units(units: Sequence[int]) -> list[int]:
    """Evenly spread over the layer's units that have evidence, whichever of them are asked for.

    >>> reference_units(range(3)), reference_units(range(1000))[:3]
    ([0, 1, 2], [0, 32, 64])
    """
    places = np.linspace(0, len(units) - 1, min(REFERENCES, len(units)))
    return [units[place] for place in places.round().astype(int).tolist()]


def _mean_likelihood(captioner: Captioner, evidence: LayerEvidence, phrases: Sequence[str]) -> LogLikelihood:
    """log of the mean of p(d|E) over the reference units."""
    regions = [evidence.features_of(unit) for unit in reference_units(evidence.units)]
    totals: list[Float64[np.ndarray, " phrase"]] = []
    n_tokens: list[Float64[np.ndarray, " phrase"]] = []
    for start in range(0, len(phrases), _TOGETHER):
        some = phrases[start : start + _TOGETHER]
        given = captioner.log_p_given(regions, [some] * len(regions))
        of_units = np.stack([of_unit.total for of_unit in given])
        totals.append(np.logaddexp.reduce(of_units, axis=0) - np.log(len(regions)))
        n_tokens.append(given[0].n_tokens)
    return LogLikelihood(np.concatenate(totals), np.concatenate(n_tokens))
