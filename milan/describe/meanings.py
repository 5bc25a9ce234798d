"""Several things that one unit responds to: groups of its exemplar regions, each with a phrase of its own.

Regions are grouped by average linkage in the encoder's space. Two groups are two meanings when they lie
about as far apart as regions of unrelated units do, when each has support, and when each has a phrase that
fits it better than the other's does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float16, Float32, Float64
from sklearn.cluster import AgglomerativeClustering

from captioner.protocols import Captioner, LogLikelihood
from milan.describe.candidates import CandidateFinder, UnitCandidates
from milan.describe.evidence import LayerEvidence
from milan.records import Meaning

__all__ = ["Group", "Meanings", "grouped"]

APART = 0.7
"""Average distance between two groups, of that between regions of any two units, from which they are two."""
FEWEST, LEAST_SHARE, MOST = 3, 0.2, 4
"""Exemplars that a group needs, their share of the unit's, and groups a unit may have."""
_NEAR = 8
"""Phrases of the bank tried for each group, beside the unit's own candidates."""
SWAPPED = 1.0
"""Nats by which two groups must suffer when their phrases are swapped; else they are one meaning."""

_OF_REGIONS = ("decoder", "bank")
"""Sources of candidates that look at regions: what follows the whole range fits all groups at once."""

Scores = Float64[np.ndarray, " phrase"]
Score = Callable[[Sequence[str], LogLikelihood], Scores]
"""Of phrases and how likely they are: how well each fits."""


@dataclass(frozen=True, slots=True)
class Group:
    """Exemplars of one unit that are alike."""

    ranks: tuple[int, ...]
    """Strongest first."""
    phrases: tuple[str, ...]
    """Of the bank, nearest to what they have in common."""


class Meanings:
    """The groups of all units of a layer, found at once, whichever units are asked for."""

    def __init__(self, evidence: LayerEvidence, finder: CandidateFinder) -> None:
        self._evidence = evidence
        apart = APART * _distance_of_strangers(evidence.vectors)
        ranks = {unit: grouped(evidence.vectors_of(unit), apart) for unit in evidence.units}
        several = [(unit, own) for unit, groups in ranks.items() if len(groups) > 1 for own in groups]
        vectors = [evidence.vectors_of(unit)[list(own)].mean(axis=0) for unit, own in several]
        near = finder.near(np.stack(vectors), _NEAR) if vectors else []
        self._groups: dict[int, list[Group]] = {}
        for (unit, own), phrases in zip(several, near, strict=True):
            self._groups.setdefault(unit, []).append(Group(own, tuple(phrases)))

    def phrases_of(self, unit: int) -> list[str]:
        """What is tried for a unit's groups beside its own candidates."""
        return [phrase for group in self._groups.get(unit, ()) for phrase in group.phrases]

    def of(
        self,
        units: Sequence[int],
        candidates: Mapping[int, UnitCandidates],
        captioner: Captioner,
        score: Score,
    ) -> dict[int, tuple[Meaning, ...]]:
        """What the groups of some units mean; units whose exemplars are of one kind are left out.

        All phrases of a unit are judged on each group's own regions; `score` makes scores of likelihoods.
        """
        tried = {unit: self._tried(unit, candidates[unit]) for unit in units if unit in self._groups}
        places = [(unit, group) for unit in tried for group in self._groups[unit]]
        given = captioner.log_p_given(
            [self._evidence.features_of(unit)[list(group.ranks)] for unit, group in places],
            [tried[unit] for unit, _ in places],
        )
        scored: dict[int, list[_Scored]] = {}
        for (unit, group), likelihood in zip(places, given, strict=True):
            scores = score(tried[unit], likelihood)
            scored.setdefault(unit, []).append(_Scored(group.ranks, scores))
        found = {unit: _told_apart(tried[unit], groups) for unit, groups in scored.items()}
        return {unit: meanings for unit, meanings in found.items() if len(meanings) > 1}

    def _tried(self, unit: int, candidates: UnitCandidates) -> list[str]:
        near = (
            phrase
            for phrase, source in zip(candidates.phrases, candidates.sources, strict=True)
            if source in _OF_REGIONS
        )
        return list(dict.fromkeys((*near, *self.phrases_of(unit))))


def grouped(vectors: Float32[np.ndarray, "region dim"], apart: float) -> list[tuple[int, ...]]:
    """Ranks of each group that has support, the largest first; all of them in one where none lies apart.

    `apart` is the average cosine distance from which groups are not joined. Exemplars that belong to no group
    with support are left out.
    """
    if len(vectors) < 2 * FEWEST:
        return [tuple(range(len(vectors)))]
    found = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=apart
    ).fit_predict(vectors)
    groups = [tuple(np.flatnonzero(found == label).tolist()) for label in range(found.max() + 1)]
    supported = [own for own in groups if len(own) >= max(FEWEST, LEAST_SHARE * len(vectors))]
    return sorted(supported, key=lambda own: (-len(own), own))[:MOST]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A group and how well each phrase that was tried fits it."""

    ranks: tuple[int, ...]
    scores: Scores

    def joined(self, other: "_Scored") -> "_Scored":
        own, others = len(self.ranks), len(other.ranks)
        scores = (own * self.scores + others * other.scores) / (own + others)
        return _Scored(tuple(sorted((*self.ranks, *other.ranks))), scores)

    def loses_by(self, other: "_Scored") -> float:
        """Nats that both lose when their best phrases are swapped; 0 when they share one."""
        own, others = int(self.scores.argmax()), int(other.scores.argmax())
        lost = self.scores[own] - self.scores[others] + other.scores[others] - other.scores[own]
        return float(lost)


def _told_apart(phrases: Sequence[str], groups: Sequence[_Scored]) -> tuple[Meaning, ...]:
    """Groups that share a phrase, or nearly so, joined; the largest first."""
    left = list(groups)
    while len(left) > 1:
        first, second = min(combinations(left, 2), key=lambda pair: pair[0].loses_by(pair[1]))
        if first.loses_by(second) >= SWAPPED:
            break
        left = [*(one for one in left if one is not first and one is not second), first.joined(second)]
    left.sort(key=lambda group: (-len(group.ranks), group.ranks))
    return tuple(Meaning(phrases[int(group.scores.argmax())], group.ranks) for group in left)


def _distance_of_strangers(vectors: Float16[np.ndarray, "region dim"]) -> float:
    """Average cosine distance of any two regions: one less the squared length of their mean."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    return max(0.0, 1 - float(mean @ mean))
