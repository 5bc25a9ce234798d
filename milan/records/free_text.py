"""What a language model writes of a text unit, and how far that tells where the unit is active."""

from dataclasses import dataclass

from milan.records.descriptions import Candidate
from milan.records.faithfulness import Figure

__all__ = ["FreeText", "TextScores"]


@dataclass(frozen=True, slots=True)
class TextScores:
    """How well a language model that knows a phrase alone tells what a unit does in held-out passages."""

    detection: Figure
    """Balanced accuracy, 0 to 1, in saying which passages the phrase fits; chance is .5."""
    auc: Figure
    """Chance that it is surer of a passage that drives the unit than of another one; chance is .5."""
    simulation: Figure
    """Correlation of the activations that it expects with the unit's, over the words of all passages."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """A phrase of free words for one end of a unit, beside the description and measured apart from it."""

    unit_index: int
    explainer: str
    """Who wrote it, as `--explainer` names it."""
    key: str
    """Of the explainer's weights and all settings."""
    candidates: tuple[Candidate, ...]
    """What was written, best first by what the passages add to it; log p in nats, by the explainer."""
    n_passages: int = 0
    """Held-out passages that measured it, half of them the unit's strongest; 0 until measured."""
    scores: TextScores | None = None
    """None where too few held-out passages drive the unit."""
    shuffled: TextScores | None = None
    """Of a phrase that was written for another unit; None where all units got the same phrase."""
    description: Figure | None = None
    """Correlation of the unit's own description over the same words."""

    @property
    def phrase(self) -> str:
        """The best of what was written."""
        return self.candidates[0].phrase

    @property
    def sentence(self) -> str:
        """The phrase with its figures, each beside that of a shuffled phrase."""
        if self.scores is None:
            return f"{self.phrase} (not measured)"
        known = [
            f"simulation {_beside(self, 'simulation')}",
            f"detection {_beside(self, 'detection')}",
        ]
        if self.description is not None:
            known.append(f"the description there {self.description.value:.2f}")
        return f"{self.phrase} ({', '.join(known)})"


def _beside(said: FreeText, name: str) -> str:
    own = f"{getattr(said.scores, name).value:.2f}"
    return own if said.shuffled is None else f"{own}, shuffled {getattr(said.shuffled, name).value:.2f}"
