"""Weighted pointwise mutual information: how much the evidence raises a phrase above its prior."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float32, Float64

from captioner.protocols import LogLikelihood
from milan.describe.range_evidence import range_evidence
from milan.errors import BadSetting
from milan.records import Candidate

__all__ = ["PmiSettings", "pmi_scores", "rank_by_pmi"]


@dataclass(frozen=True, slots=True)
class PmiSettings:
    """How phrases are gathered and ranked."""

    lambda_: float = 0.5
    """Weight of the prior, 0 to 1. Higher is more specific and less sure."""
    length_power: float = 0.5
    """Log-likelihoods are divided by tokens ** power: 0 sums (short phrases win), 1 averages (long ones)."""
    n_kept: int = 10
    """Candidates stored with each unit."""
    n_proposed: int = 8
    """Phrases asked of the decoder, a unit."""
    n_retrieved: int = 16
    """Phrases taken from the bank, a unit."""
    n_lookalikes: int = 3
    """Units with similar exemplars whose phrases are tried too."""
    n_following: int = 24
    """Phrases of the bank that follow the unit's whole range best, a unit."""
    n_composed: int = 8
    """Phrases composed of those that follow best (a colour and a thing, a part of a whole), a unit."""
    prior: Literal["language", "network"] = "language"
    """log p(d): what is often said at all, or what fits a fixed sample of the layer's units as well."""
    select: Literal["range", "pmi"] = "range"
    """Whether the whole range has a say, or mutual information with the exemplars alone (MILAN's way)."""
    range_weight: float = 10.0
    """Nats that the whole range gives or takes for each nat of its evidence."""
    recognition_weight: float = 80.0
    """Nats that each nat of being recognised in the unit's regions gives, beside the whole range."""

    def __post_init__(self) -> None:
        if self.select not in ("range", "pmi"):
            raise BadSetting(f"--select is range or pmi, got {self.select!r}")
        if self.prior not in ("language", "network"):
            raise BadSetting(f"--prior is language or network, got {self.prior!r}")
        if not 0 <= self.lambda_ <= 1:
            raise BadSetting(f"--lambda is between 0 and 1, got {self.lambda_}")
        if min(self.n_kept, self.n_proposed + self.n_retrieved) < 1:
            raise BadSetting("a unit needs at least one candidate: raise n_kept, n_proposed or n_retrieved")

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a catalog's settings."""
        return asdict(self)


def rank_by_pmi(
    phrases: Sequence[str],
    sources: Sequence[str],
    given: LogLikelihood,
    prior: LogLikelihood,
    settings: PmiSettings,
    follows: Float32[np.ndarray, " phrase"] | None = None,
    recognised: Float64[np.ndarray, " phrase"] | None = None,
) -> tuple[Candidate, ...]:
    """Rank one unit's phrases by log p(d|E) - lambda log p(d), best first; keep the n best.

    MILAN (Hernandez et al. 2022, section 3.4) sums log-likelihoods over a whole description. Its
    descriptions are alike in length; phrases of a bank are not, and a sum prefers the shortest.
    Both terms are therefore divided by `n_tokens ** length_power`. `follows` are correlations with the
    unit's whole range, `recognised` how surely its regions show the phrase: what they say for or
    against a phrase is added. Ties go to the alphabet, so that a ranking never depends on the order in which
    candidates were found.
    """
    scale = np.power(given.n_tokens, settings.length_power)
    log_p_given, log_p_prior = given.total / scale, prior.total / scale
    scores = pmi_scores(given, prior, settings, follows, recognised)
    order = sorted(range(len(phrases)), key=lambda i: (-scores[i], phrases[i]))
    return tuple(
        Candidate(phrases[i], float(scores[i]), float(log_p_given[i]), float(log_p_prior[i]), sources[i])
        for i in order[: settings.n_kept]
    )


def pmi_scores(
    given: LogLikelihood,
    prior: LogLikelihood,
    settings: PmiSettings,
    follows: Float32[np.ndarray, " phrase"] | None = None,
    recognised: Float64[np.ndarray, " phrase"] | None = None,
) -> Float64[np.ndarray, " phrase"]:
    """How well each phrase fits, in nats; see `rank_by_pmi`."""
    scale = np.power(given.n_tokens, settings.length_power)
    # Hernandez et al. 2022, eq. 4: wPMI(d) = log p(d|E) - lambda log p(d)
    scores: Float64[np.ndarray, " phrase"] = (given.total - settings.lambda_ * prior.total) / scale
    if follows is not None:
        scores = scores + settings.range_weight * range_evidence(follows)
    if recognised is not None:
        scores = scores + settings.recognition_weight * recognised
    return scores
