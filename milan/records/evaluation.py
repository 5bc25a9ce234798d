"""How good the descriptions of one layer are, beside ways to describe that know little or nothing."""

from dataclasses import dataclass
from enum import StrEnum

from milan.records.faithfulness import Figure

__all__ = ["LayerEvaluation", "Predictor", "SilenceLevel", "WordsOf"]


class WordsOf(StrEnum):
    """Where the words come from that are held against units."""

    PHRASE = "one phrase"
    """Each unit's best candidate, said or held back."""
    EXPLANATION = "explanation"
    """Up to five weighted phrases a unit."""
    EXEMPLARS_ALONE = "exemplars alone"
    """What the strongest regions alone would say (`--select pmi`), where the catalog holds that too."""
    TOP_IMAGE = "class of the top image"
    """What the explainer's backbone calls each unit's strongest image."""
    MOST_FREQUENT = "most frequent"
    """The layer's most frequent phrase, for all units."""
    CONSTANT = "constant"
    """One and the same phrase, whatever the layer."""
    SHUFFLED = "shuffled"
    """Each unit's phrase given to another unit, which was said something else."""


@dataclass(frozen=True, slots=True)
class Predictor:
    """How well one kind of words predicts the units: means over units, with intervals over units."""

    words: WordsOf
    n_units: int
    """Units that have such words."""
    mean: Figure
    """Correlation with the mean activation."""
    peak: Figure
    """Correlation with the peak activation."""
    phrase: str | None = None
    """The phrase, where all units get the same."""


@dataclass(frozen=True, slots=True)
class SilenceLevel:
    """A correlation below which words could be withheld, and what that would cost."""

    shuffled: float
    """Share of shuffled phrases that reach it."""
    correlation: float
    """With the mean activation."""
    right: float
    """Share of the units' own phrases that reach it."""


@dataclass(frozen=True, slots=True)
class LayerEvaluation:
    """The table of one layer.

    Without the pictures only what the catalog states is known: then `auroc` and `retrieved` are None, and
    `predictors` holds phrases and explanations alone, or nothing where too few images were measured. Of text
    units words of sentences stand where images do.
    """

    network: str
    layer: str
    n_units: int
    """Units that have a candidate, said or held back."""
    n_images: int
    """Images, or words of a text, that measured them: none gave exemplars or words."""
    abstained: Figure
    """Share of units of which nothing is said; they count with their best candidate."""
    distinct: float
    """Different phrases a unit."""
    simulator: str | None
    """Through whose eyes; None where nothing was measured."""
    predictors: tuple[Predictor, ...] = ()
    auroc: Figure | None = None
    """Chance that a unit's own phrase predicts better than a shuffled one; None also where all are equal."""
    retrieved: Figure | None = None
    """Share of phrases that predict their own unit among the ten best of `n_rivals`."""
    n_rivals: int = 0
    """Units that a phrase chooses from, its own among them: 100, or all of a smaller layer."""
    levels: tuple[SilenceLevel, ...] = ()
    """Which 5, 10 and 20 % of shuffled phrases reach."""
    measured_in: str = "images"
    """What `n_images` counts: images, or words."""

    @property
    def read_pictures(self) -> bool:
        """Whether the baselines were measured too."""
        return self.retrieved is not None

    def of(self, words: WordsOf) -> Predictor | None:
        """One row of the table, or None where it is not known."""
        return next((row for row in self.predictors if row.words is words), None)
