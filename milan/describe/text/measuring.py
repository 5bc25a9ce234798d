"""What phrases are worth: how well they predict a unit on words of sentences that chose nothing.

Properties of words are facts, so that no simulator stands between: a phrase predicts its own presence. The
bootstrap draws sentences (of long ones, passages), because words of one sentence depend on one another.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32, Int64

from milan.describe.explanation import standardised
from milan.describe.shuffled import shuffled_faithfulness
from milan.describe.text.properties import Choice, Properties
from milan.errors import DataError
from milan.records import Explanation, Faithfulness, Figure, ShuffledFaithfulness
from milan.statistics import Interval, agreement

__all__ = ["FEWEST_MEASURED", "LEVEL", "Measurer"]

FEWEST_MEASURED = 200
"""Words below which no figure is stated."""
LEVEL = 0.12
"""Correlation below which words are not said.

Of phrases that belong to other units of their layer about one in sixteen reaches it, as for images
(docs/quality.md).
"""


class Measurer:
    """Measures phrases on the words of the measuring side."""

    def __init__(self, properties: Properties, passage: Int64[np.ndarray, " word"], seed: int = 0) -> None:
        self._properties = properties
        self._passage = passage
        self._seed = seed

    @property
    def can_measure(self) -> bool:
        """Whether there are words enough."""
        return len(self._passage) >= FEWEST_MEASURED

    def present(self, choices: Sequence[Choice]) -> Float32[np.ndarray, "word choice"]:
        """Presences of phrases in the words that measure."""
        return self._properties.present(choices)

    def named(self, phrases: Sequence[str]) -> Float32[np.ndarray, "word phrase"]:
        """Presences of phrases as they were said; DataError for one that is no property of this text."""
        choices = [self._properties.named(phrase) for phrase in phrases]
        known = [choice for choice in choices if choice is not None]
        if len(known) < len(choices):
            stranger = phrases[choices.index(None)]
            raise DataError(f"{stranger!r} is no property of this text's words, so it cannot be measured")
        return self._properties.present(known)

    def of_choices(
        self, choices: Sequence[Choice], active: Float32[np.ndarray, "word unit"]
    ) -> list[Faithfulness]:
        """How faithful each unit's own phrase is."""
        return self._figures(self._properties.present(choices), active)

    def of_explanations(
        self, explanations: Sequence[Explanation | None], active: Float32[np.ndarray, "word unit"]
    ) -> list[Faithfulness | None]:
        """How faithful the weighted phrases are; None for a unit that has none."""
        predicted = np.zeros((len(self._passage), len(explanations)), np.float32)
        for unit, explanation in enumerate(explanations):
            for term in () if explanation is None else explanation.terms:
                predicted[:, unit] += term.weight * standardised(self.named([term.phrase]))[:, 0]
        figures = self._figures(predicted, active)
        return [
            None if explanation is None else figure
            for explanation, figure in zip(explanations, figures, strict=True)
        ]

    def of_shuffled(
        self, choices: Sequence[Choice], active: Float32[np.ndarray, "word unit"]
    ) -> ShuffledFaithfulness | None:
        """How faithful the phrases are to other units; None when all are said the same."""
        place = {choice.phrase: at for at, choice in enumerate({one.phrase: one for one in choices}.values())}
        different = list({choice.phrase: choice for choice in choices}.values())
        own = [place[choice.phrase] for choice in choices]
        return shuffled_faithfulness(self._properties.present(different), own, active)

    def _figures(
        self, predicted: Float32[np.ndarray, "word unit"], active: Float32[np.ndarray, "word unit"]
    ) -> list[Faithfulness]:
        found = agreement(predicted, active, seed=self._seed, groups=self._passage)
        n_words = len(self._passage)
        return [
            Faithfulness(n_words, pearson, pearson, _at(found.auprc, unit), _at(found.f1, unit))
            for unit in range(active.shape[1])
            for pearson in [_at(found.pearson, unit)]  # of a word, mean and peak are one
        ]


def _at(interval: Interval, column: int) -> Figure:
    return Figure(*(float(side[column]) for side in interval))
