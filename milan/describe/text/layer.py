"""Describe the units of one layer of a text network, some at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from milan.describe.explanation import standardised
from milan.describe.greedy import choose_columns, fit_weights
from milan.describe.text.candidates import find_properties
from milan.describe.text.choosing import Chooser
from milan.describe.text.measuring import LEVEL, Measurer
from milan.describe.text.properties import Choice
from milan.describe.text.samples import Samples
from milan.describe.text.settings import TextSettings
from milan.describe.text.top_words import WordMeans
from milan.records import (
    CounterExemplar,
    CounterKind,
    Description,
    Explanation,
    Faithfulness,
    ShuffledFaithfulness,
    UnitStatus,
    WeightedPhrase,
)
from milan.texts import Annotated, Passages

__all__ = ["Described", "TextDescriber"]

_UNITS = 64
"""Units whose activations are held at a time."""
_COUNTER_EXEMPLARS = 3
"""Of each kind."""


class Described(NamedTuple):
    """What is said of some units, in their order."""

    descriptions: list[Description]
    choices: list[Choice]
    """Their best phrases, said or held back."""


class TextDescriber:
    """Describes units of networks that read one text.

    What could be said of the words is found once, for all layers; activations come as two matrices,
    of the words that choose (`samples.selected`) and of those that measure (`samples.measured`).
    """

    def __init__(self, text: Annotated, samples: Samples, settings: TextSettings | None = None) -> None:
        self.settings = settings or TextSettings()
        self.samples = samples
        counted = np.zeros(len(text.sentences), np.bool_)
        counted[samples.selected] = True
        every = find_properties(text, counted, self.settings.least)
        self.properties = every.at(samples.selected)
        self._chooser = Chooser(self.properties, self.settings)
        self._fitting = self._chooser.columns.rows(~samples.validation)
        self._validating = self._chooser.columns.rows(samples.validation)
        self.measurer = Measurer(every.at(samples.measured), samples.passage, self.settings.seed)
        self._words = WordMeans([text.sentences.words[at] for at in samples.selected])
        passages = Passages.of(text.sentences)
        self._passage = passages.of_word[samples.selected]
        self._names = passages.names

    def describe(
        self,
        selected: Float[np.ndarray, "word unit"],
        measured: Float[np.ndarray, "other unit"],
        units: Sequence[int],
    ) -> Described:
        """Words for what raises each unit; give activations negated for what lowers it.

        `units` are the indices that the columns have in their layer.
        """
        active = standardised(selected)
        follows = self._chooser.follow(active)
        ranked = [self._chooser.ranked(active[:, at], follows[:, at]) for at in range(len(units))]
        choices = [own[0][0] for own in ranked]
        explanations, top_words = self._explain(active), self._words.top(active)
        figures: list[Faithfulness | None] = [None] * len(units)
        together = figures
        if self.measurer.can_measure:
            held = measured.astype(np.float32)
            figures = [*self.measurer.of_choices(choices, held)]
            together = self.measurer.of_explanations(explanations, held)
        descriptions = [
            Description(
                unit,
                UnitStatus.DESCRIBED
                if figure is None or figure.mean.value >= LEVEL
                else UnitStatus.INCONSISTENT,
                self.settings.lambda_,
                tuple(candidate for _, candidate in own),
                faithfulness=figure,
                explanation=explanation,
                explanation_faithfulness=of_explanation,
                counter_exemplars=self._counters(own[0][0], selected[:, at], active[:, at]),
                top_words=top_words[at],
            )
            for at, (unit, own, figure, explanation, of_explanation) in enumerate(
                zip(units, ranked, figures, explanations, together, strict=True)
            )
        ]
        return Described(descriptions, choices)

    def shuffled(
        self, choices: Sequence[Choice], measured: Float[np.ndarray, "word unit"]
    ) -> ShuffledFaithfulness | None:
        """What the phrases of a layer's units are worth given to others; None where too few words measure."""
        if not self.measurer.can_measure:
            return None
        return self.measurer.of_shuffled(choices, measured.astype(np.float32))

    def fits_all(self, selected: Float[np.ndarray, "word unit"]) -> str:
        """The phrase that follows all these units best, each at whichever end of its range it follows."""
        follows = np.zeros(len(self.properties))
        for start in range(0, selected.shape[1], _UNITS):
            active = standardised(selected[:, start : start + _UNITS])
            follows += np.abs(self._chooser.follow(active)).sum(axis=1)
        return self.properties.phrases[int(follows.argmax())]

    def _explain(self, active: Float32[np.ndarray, "word unit"]) -> list[Explanation | None]:
        validates = self.samples.validation
        if validates.all() or not validates.any():
            return [None] * active.shape[1]
        chosen = choose_columns(
            [(self._fitting, active[~validates])],
            [(self._validating, active[validates])],
            len(self.properties),
        )
        return [self._explanation(own, active[:, at]) if own else None for at, own in enumerate(chosen)]

    def _explanation(self, chosen: Sequence[int], active: Float32[np.ndarray, " word"]) -> Explanation:
        weights = fit_weights(self._chooser.columns.some(chosen), active).tolist()
        terms = [
            WeightedPhrase(self.properties.phrases[at], weight)
            for at, weight in zip(chosen, weights, strict=True)
        ]
        return Explanation(tuple(sorted(terms, key=lambda term: (-abs(term.weight), term.phrase))))

    def _counters(
        self, choice: Choice, raw: Float[np.ndarray, " word"], active: Float32[np.ndarray, " word"]
    ) -> tuple[CounterExemplar, ...]:
        """Passages with a word in which the unit is strong without the property, or silent despite it."""
        presence = self.properties.present([choice])[:, 0]
        shown = standardised(presence[:, None])[:, 0]
        order = np.argsort(shown - active, kind="stable")
        found: list[CounterExemplar] = []
        for kind, ranked, speaks in (
            (CounterKind.UNEXPLAINED, order, active > 1),
            (CounterKind.SILENT, order[::-1], (shown > 1) & (active < 0)),
        ):
            rows: dict[str, int] = {}
            for row in ranked[: 50 * _COUNTER_EXEMPLARS].tolist():
                if speaks[row] and len(rows) < _COUNTER_EXEMPLARS:
                    rows.setdefault(self._names[self._passage[row]], row)
            found += [
                CounterExemplar(name, kind, float(raw[row]), float(presence[row]))
                for name, row in rows.items()
            ]
        return tuple(found)
