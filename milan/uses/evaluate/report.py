"""What the planted benchmark answers."""

from dataclasses import asdict, dataclass
from typing import Any

from milan.records import Figure, LayerEvaluation

__all__ = ["Gain", "PlantedReport", "Scores", "UnitResult", "Way"]


@dataclass(frozen=True, slots=True)
class Scores:
    """How one way did on one group of units."""

    group: str
    n_units: int
    named: Figure
    """Share of units whose truth is named."""
    partly: float
    """Share for which something true was said, but less than the truth."""
    cosine: Figure
    """Likeness in meaning to the nearest true phrase, by the packaged sentence encoder."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to describe, or a baseline."""

    name: str
    is_baseline: bool
    scores: tuple[Scores, ...]
    """By group; `live` first."""
    top1: Figure | None = None
    """Share of live units that their own phrase finds first, by likelihood."""
    top10: Figure | None = None
    encoder_top1: Figure | None = None
    """The same by the encoder's likeness."""
    encoder_top10: Figure | None = None
    distinct: float | None = None
    """Different phrases a live unit."""
    n_abstained: int = 0
    """Live units for which nothing was said; graded by their best candidate."""

    def of(self, group: str) -> Scores | None:
        """The scores of one group, or None where it has no units."""
        return next((scores for scores in self.scores if scores.group == group), None)


@dataclass(frozen=True, slots=True)
class Gain:
    """One way against another, unit by unit."""

    of: str
    over: str
    figure: str
    """`named`, `cosine`, `top10`, ..."""
    difference: Figure
    """Above 0 where `of` is better than `over`."""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit under the first way."""

    index: int
    kind: str
    truth: str
    unseen: bool
    noise: float
    status: str
    phrase: str
    grade: str
    top_image: str
    """The main object of its strongest image; empty for a unit that has none."""


@dataclass(frozen=True, slots=True)
class PlantedReport:
    """Everything measured; `as_dict` is what `--output` writes."""

    network: str
    """`planted` (known by construction) or `heads` (trained on masks)."""
    voice: str
    n_images: int
    seed: int
    ways: tuple[Way, ...]
    """The first is what others are held against; baselines last."""
    gains: tuple[Gain, ...]
    units: tuple[UnitResult, ...]
    faithfulness: LayerEvaluation | None
    """Of the first way, with its baselines; None where nothing measured it."""
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values; figures as [value, low, high]."""
        return asdict(self)
