"""What studies measured of single units: figures beside the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from milan.records.faithfulness import Figure

__all__ = ["Finding", "Study", "StudyKind"]


class StudyKind(StrEnum):
    """How units were studied: the command's name."""

    PROBE = "probe"
    DISTANCES = "distances"
    CORRELATE = "correlate"
    ABLATE = "ablate"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Study:
    """One run over the units of a network. Another run of the same kind and subject takes its place."""

    kind: StudyKind
    subject: str
    """What it was about: a property of words, another network, an order of units."""
    settings: dict[str, Any]
    """Options that change the result, and a hash of the words that it was made on."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """What it found of all units together, such as a probe's accuracy, by name."""

    def __str__(self) -> str:
        return f"{self.kind} ({self.subject})"


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure of one unit, alone or together with others."""

    study: Study
    about: str
    """What of the study's subject: a tag, a pair of symbols, another network's unit, the set it was in."""
    measure: str
    """Name of the figure."""
    value: float
    n: int
    """Words, positions or sentences that it was measured on."""
    low: float | None = None
    """With `high` the 95 % interval; None where there is none."""
    high: float | None = None
    by_chance: float | None = None
    """The same figure of shuffled labels, or of random units; None where the study has no such thing."""

    def __str__(self) -> str:
        interval = "" if self.low is None or self.high is None else f" [{self.low:.3g}, {self.high:.3g}]"
        chance = "" if self.by_chance is None else f" (by chance {self.by_chance:.3g})"
        return f"{self.about}: {self.measure} {self.value:.3g}{interval}{chance}"
