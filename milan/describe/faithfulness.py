"""What words are worth: another pair of eyes predicts the unit from them, on images never used before.

The images are a uniform sample of the measuring side: not of the strongest, so that words which fit many
other images too are found out. The simulator's backbone is neither the network's nor the explainer's.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32

from milan.describe.explanation import Sides, predicted
from milan.describe.shuffled import shuffled_faithfulness
from milan.records import Explanation, Faithfulness, Figure, Measured, ShuffledFaithfulness
from milan.statistics import Agreement, Interval, agreement, correlation

if TYPE_CHECKING:
    from milan.describe.presence import Presence  # loads torch, which an audit does without

__all__ = ["FEWEST_MEASURED", "LEVEL", "Judge"]

FEWEST_MEASURED = 200
"""Images below which no figure is stated."""
LEVEL = 0.15
"""Correlation below which words are not said.

Of descriptions given to other units of their layer about one in sixteen reaches it, of their own four in five
(docs/quality.md).
"""


class Judge:
    """Measures words on the measured sample of one layer, where it has at least `fewest` images."""

    def __init__(
        self, measured: Measured, presence: "Presence", seed: int = 0, fewest: int = FEWEST_MEASURED
    ) -> None:
        self._measured = measured
        self._presence = presence
        self._rows = presence.rows(measured.images)
        self._seed = seed
        self._fewest = fewest

    @property
    def can_judge(self) -> bool:
        """Whether there are images enough."""
        return len(self._rows) >= self._fewest

    def of_phrases(self, units: Sequence[int], phrases: Sequence[str]) -> list[Faithfulness]:
        """How faithful each unit's own phrase is."""
        shown = self._presence.of(phrases)
        return self._figures(units, *(side[self._rows].astype(np.float32) for side in shown))

    def of_explanations(
        self, units: Sequence[int], explanations: Sequence[Explanation | None]
    ) -> list[Faithfulness | None]:
        """How faithful the weighted phrases are; None for a unit that has none."""
        said = [explanation for explanation in explanations if explanation is not None]
        phrases = sorted({term.phrase for explanation in said for term in explanation.terms})
        if not phrases:
            return [None] * len(units)
        shown = self._presence.of(phrases)
        sides = Sides.of(*(side[self._rows] for side in shown))
        figures = self._figures(units, *predicted(explanations, phrases, sides))
        return [
            None if explanation is None else figure
            for explanation, figure in zip(explanations, figures, strict=True)
        ]

    def of_shuffled(self, said: Mapping[int, str]) -> ShuffledFaithfulness | None:
        """How faithful phrases are to other units: every phrase against each unit that is said another.

        `said` is a phrase by unit index. None when no two units are said different things. Only the
        correlation with the mean activation is measured.
        """
        units = list(said)
        place = {phrase: column for column, phrase in enumerate(dict.fromkeys(said.values()))}
        if len(place) < 2:
            return None
        shown = self._presence.of(list(place)).mean[self._rows]
        own = [place[phrase] for phrase in said.values()]
        return shuffled_faithfulness(shown, own, self._measured.mean[:, units])

    def _figures(
        self,
        units: Sequence[int],
        mean: Float32[np.ndarray, "image unit"],
        peak: Float32[np.ndarray, "image unit"],
    ) -> list[Faithfulness]:
        own = list(units)
        of_mean = agreement(mean, self._measured.mean[:, own], seed=self._seed)
        of_peak = correlation(peak, self._measured.peak[:, own], seed=self._seed)
        return [self._figure(of_mean, of_peak, column) for column in range(len(own))]

    def _figure(self, of_mean: Agreement, of_peak: Interval, column: int) -> Faithfulness:
        return Faithfulness(
            n_measured=len(self._rows),
            mean=_at(of_mean.pearson, column),
            peak=_at(of_peak, column),
            auprc=_at(of_mean.auprc, column),
            f1=_at(of_mean.f1, column),
        )


def _at(interval: Interval, column: int) -> Figure:
    return Figure(*(float(side[column]) for side in interval))
