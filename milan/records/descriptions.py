"""What a unit is said to respond to, with the parts of the score that chose it."""

from dataclasses import dataclass, field
from enum import StrEnum

from milan.records.faithfulness import (
    Band,
    CounterExemplar,
    Explanation,
    Faithfulness,
    Meaning,
    TopWord,
)

__all__ = ["Candidate", "Description", "UnitStatus"]


class UnitStatus(StrEnum):
    """What is known of a unit."""

    DESCRIBED = "described"
    """It has a phrase."""
    INCONSISTENT = "inconsistent"
    """No phrase predicts it well enough to be said."""
    DEAD = "dead"
    """Its activation is the same at every position of every image."""
    NEVER_POSITIVE = "never_positive"
    """It varies, but never rises above zero."""
    PENDING = "pending"
    """It has exemplars and no description yet."""
    PREVIEW = "preview"
    """It has a phrase from the images that a run has seen so far; the run's end replaces it."""
    FAILED = "failed"
    """It could not be measured (not-a-number activations)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase considered for a unit; score = log_p_given - lambda * log_p_prior."""

    phrase: str
    score: float
    """Weighted pointwise mutual information, in nats."""
    log_p_given: float
    """log p(d|E), length-normalised as `describe.pmi` documents, in nats."""
    log_p_prior: float
    """log p(d), normalised alike, in nats."""
    source: str
    """Where the phrase came from: `decoder`, `bank`, `lookalike`."""


@dataclass(frozen=True, slots=True)
class Description:
    """The words for one unit, as one version of a catalog."""

    unit_index: int
    status: UnitStatus
    lambda_: float
    """Weight of the prior in the score."""
    candidates: tuple[Candidate, ...] = field(default=())
    """The n best, best first; kept when abstaining."""
    faithfulness: Faithfulness | None = None
    """Of the best candidate; None where too few images were measured."""
    explanation: Explanation | None = None
    """Several weighted phrases that together follow the unit better than one."""
    explanation_faithfulness: Faithfulness | None = None
    counter_exemplars: tuple[CounterExemplar, ...] = ()
    """Images that speak against the best candidate."""
    meanings: tuple[Meaning, ...] = ()
    """Several things that the unit responds to; empty when its exemplars are of one kind."""
    bands: tuple[Band, ...] = ()
    """What sets levels of activation apart, the strongest first; a level that nothing sets apart has none."""
    top_words: tuple[TopWord, ...] = ()
    """Of a text unit: words whose mean activation is highest, the highest first."""

    @property
    def phrase(self) -> str | None:
        """The best phrase, or None unless the unit is described, if only from some of the images."""
        if self.status not in (UnitStatus.DESCRIBED, UnitStatus.PREVIEW):
            return None
        return self.candidates[0].phrase
