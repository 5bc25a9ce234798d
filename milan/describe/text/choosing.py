"""Phrases of one unit, ranked: what its strongest words share, and what follows its whole range.

    score(d) = log p(d|E) - lambda log p(d) + w range(d)

as for images (docs/describing.md). E are the unit's strongest words of the exemplar side; p(d|E) is the
share of them that d is true of, and p(d) its share of all words.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, Int64
from scipy import sparse

from milan.describe.range_evidence import range_evidence
from milan.describe.text.columns import SparseColumns
from milan.describe.text.properties import JOINED, Choice, Properties
from milan.describe.text.settings import TextSettings
from milan.records import Candidate

__all__ = ["Chooser", "strongest_words"]

_STRONGEST_SHARE, _FEWEST_STRONGEST, _MOST_STRONGEST = 0.01, 15, 200
_JOINED_FROM = 8
"""Properties that follow a unit best, of which any two are tried as one."""
_JOINED_GAINS = 1.05
"""So much better than any alone must two properties follow together to be said."""


class _Joined(NamedTuple):
    """Two properties as one, present where either is."""

    choice: Choice
    given: float
    """Share of the unit's strongest words that have it."""
    prior: float
    """Share of all words."""
    follows: float
    """Correlation with the unit."""


class Chooser:
    """Ranks phrases for units over the selection sample."""

    def __init__(self, properties: Properties, settings: TextSettings) -> None:
        self._properties = properties
        self._settings = settings
        self._choices = [properties.choice(column) for column in range(len(properties))]
        self._by_word = sparse.csr_matrix(properties.presences)
        self.columns = SparseColumns(properties.presences)

    def follow(self, active: Float32[np.ndarray, "word unit"]) -> Float32[np.ndarray, "property unit"]:
        """Correlations of all properties with standardised activations."""
        found: Float32[np.ndarray, "property unit"] = self.columns.follow(active) / len(active)
        return found

    def ranked(
        self, active: Float32[np.ndarray, " word"], follows: Float32[np.ndarray, " property"]
    ) -> list[tuple[Choice, Candidate]]:
        """The best phrases of one unit, best first; its standardised activations, and what `follow` found."""
        strongest = strongest_words(active)
        choices = self._choices
        given = np.asarray(self._by_word[strongest].mean(axis=0), np.float64).ravel()
        prior, correlations = self.columns.mean, follows
        if self._settings.select == "range":
            joined = self._joined(active, follows, strongest)
            choices = [*choices, *(one.choice for one in joined)]
            given = np.append(given, [one.given for one in joined])
            prior = np.append(prior, [one.prior for one in joined])
            correlations = np.append(correlations, [one.follows for one in joined])
        log_given, log_prior = self._logs(given, prior, len(strongest))
        scores = log_given - self._settings.lambda_ * log_prior
        if self._settings.select == "range":
            scores = scores + self._settings.range_weight * range_evidence(correlations.astype(np.float32))
        order = np.lexsort((np.arange(len(scores)), -scores))[: self._settings.n_kept]
        return [
            (
                choices[at],
                Candidate(
                    choices[at].phrase,
                    float(scores[at]),
                    float(log_given[at]),
                    float(log_prior[at]),
                    choices[at].source,
                ),
            )
            for at in order.tolist()
        ]

    def _joined(
        self,
        active: Float32[np.ndarray, " word"],
        follows: Float32[np.ndarray, " property"],
        strongest: Int64[np.ndarray, " strongest"],
    ) -> list[_Joined]:
        """Pairs of the properties that follow a unit best, of those that follow it clearly better as one."""
        best = np.argsort(-follows, kind="stable")[:_JOINED_FROM].tolist()
        parts = [self._choices[column] for column in best]
        shown = self._properties.present(parts)
        found: list[_Joined] = []
        for one, other in combinations(range(len(best)), 2):
            either = np.maximum(shown[:, one], shown[:, other])
            prior = float(either.mean())
            if "quantity" in (parts[one].source, parts[other].source) or prior == 1:
                continue
            together = float(either @ active) / len(active) / (prior * (1 - prior)) ** 0.5
            if together > _JOINED_GAINS * float(follows[best[0]]):
                phrase = f"{parts[one].phrase}{JOINED}{parts[other].phrase}"
                choice = Choice(phrase, (best[one], best[other]), "joined")
                found.append(_Joined(choice, float(either[strongest].mean()), prior, together))
        return found

    @staticmethod
    def _logs(
        given: Float64[np.ndarray, " choice"], prior: Float64[np.ndarray, " choice"], n: int
    ) -> tuple[Float64[np.ndarray, " choice"], Float64[np.ndarray, " choice"]]:
        """log p(d|E) and log p(d); one word more, as common as any, keeps 0 from being impossible."""
        return np.log((n * given + prior) / (n + 1)), np.log(prior)


def strongest_words(active: Float32[np.ndarray, " word"]) -> Int64[np.ndarray, " strongest"]:
    """The strongest hundredth of the words, 15 to 200 of them; of equal ones the earlier."""
    share = round(_STRONGEST_SHARE * len(active))
    n = min(len(active), max(_FEWEST_STRONGEST, min(_MOST_STRONGEST, share)))
    return np.argsort(-active, kind="stable")[:n]
