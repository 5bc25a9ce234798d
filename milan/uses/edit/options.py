"""What may be asked of an edit."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from milan.ablation import SetTo
from milan.errors import BadSetting

__all__ = ["MOST_UNITS", "EditOptions", "Rule"]

MOST_UNITS = 64
"""How many units go at most, where nobody says it."""


class Rule(StrEnum):
    """Which candidates go first, by what the validation images lose without each of them alone."""

    SPECIFIC = "specific"
    """Those without which images that show the concept lose most, for what the other images lose: what
    carries the bias, and little else.
    """
    LEAST = "least"
    """Those without which accuracy is highest: MILAN's rule (Hernandez et al. 2022, section 7)."""
    MOST = "most"
    """Those without which accuracy is lowest: on a biased set, what carries the bias, and much else."""

    def says(self, n_shown: int) -> str:
        """The rule in words, where so many validation images drive the candidates."""
        first = {
            Rule.SPECIFIC: f"those that the {n_shown} that drive the candidates need and others not",
            Rule.LEAST: "those without which they lose least",
            Rule.MOST: "those without which they lose most",
        }
        return f"{first[self]} go first"


@dataclass(frozen=True, slots=True)
class EditOptions:
    """How an edit chooses, and how it is tested."""

    queries: tuple[str, ...]
    """What units are to be about, in words; a unit that answers to any of them is a candidate."""
    layers: tuple[str, ...] = ()
    """Described layers whose units may go, and among which controls draw; none named: all."""
    rule: Rule = Rule.SPECIFIC
    set_to: SetTo = SetTo.MEAN
    """Means are over the validation images that do not show the concept."""
    max_units: int | None = None
    """At most so many go; None: at most `MOST_UNITS`."""
    loss: float = 0.01
    """Share of clean validation images that may be lost."""
    seeds: int = 5
    """Random orders a control."""
    held_back: bool = False
    """Whether words that were held back, because they predict their unit too badly, count too."""

    def __post_init__(self) -> None:
        if not self.queries or not all(query.strip() for query in self.queries):
            raise BadSetting("a query is empty: say what the units to switch off are about, such as 'text'")
        if self.max_units is not None and self.max_units < 1:
            raise BadSetting(f"at least one unit must be switched off, got max-units {self.max_units}")
        if self.seeds < 2:
            raise BadSetting(f"an interval needs 2 random orders or more, got seeds {self.seeds}")
        if not 0 <= self.loss < 1:
            raise BadSetting(f"the loss is a share of images from 0 to below 1, got {self.loss}")

    def as_dict(self) -> dict[str, Any]:
        """For reports."""
        return {**asdict(self), "rule": str(self.rule), "set_to": str(self.set_to)}
