"""What control brings, and what it costs: the two stand side by side, always."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64

from milan.ablation.text import TranslatorUnits
from milan.records import Figure
from milan.statistics.corpus import CorpusCounts, corpus_difference, corpus_figure
from milan.translation import Parallel, Translation, bleu_counts, bleu_of
from milan.uses.text.control.nouns import nouns_of, rendered
from milan.uses.text.control.values import NumberUnits, Setting, held_at
from milan.uses.text.number import FrenchNumber, Number

__all__ = ["Controlled", "Judge"]


@dataclass(frozen=True, slots=True, eq=False)
class Controlled:
    """One setting: some units set at all singular nouns to plural, then at all plural ones to singular."""

    n_units: int
    b: float
    success: Figure
    """Share of the nouns set, rendered with their own number before, whose form has the other one now."""
    to: Mapping[Number, Figure]
    """The same for each wanted number."""
    agreeing: Figure
    """Share of them whose determiner, if any, has the other number too."""
    lost: Figure
    """Share of them that are rendered by no noun with a number any more."""
    spilled: Figure
    """Share of the nouns that were not set and have the other number now."""
    bleu: Figure
    """Of both directions together, against references that did not change."""
    bleu_lost: Figure
    """What it was without control, less this, sentence by sentence."""


class Judge:
    """Holds a text with its translations without control, and judges those with it."""

    def __init__(self, units: TranslatorUnits, text: Parallel) -> None:
        self._units = units
        self._text = text
        self._nouns = nouns_of(units.translator, text.source)
        self._before = units.translator.translate(text.source)
        self._numbers = self._rendered(self._before)
        self._bleu = bleu_counts([one.text for one in self._before], text.target)
        self._aimed = {
            wanted: [noun for noun in self._nouns if noun.number is wanted.other] for wanted in Number
        }

    @property
    def bleu(self) -> Figure:
        """Without control."""
        return corpus_figure(CorpusCounts(self._bleu[None], bleu_of))

    def n_nouns(self) -> dict[Number, int]:
        """Nouns that are rendered with their own number, by it."""
        kept = [
            noun.number
            for noun, was in zip(self._nouns, self._numbers, strict=True)
            if was is not None and was.number is noun.number
        ]
        return {number: kept.count(number) for number in Number}

    def agreement(self) -> Figure:
        """Share of the nouns that have a number in the references and whose number is the English one."""
        led = self._units.translator.led(self._text.source, self._text.target)
        counts = np.zeros((len(self._text.source), 2))
        for noun, found in zip(self._nouns, self._rendered(led), strict=True):
            if found is not None:
                counts[noun.sentence] += (found.number is noun.number, 1)
        return corpus_figure(CorpusCounts(counts[None], _share))

    def judge(self, known: NumberUnits, chosen: Sequence[Sequence[int]], how: Setting) -> Controlled:
        """Change units, in both directions; several sets of units (random draws) are averaged over."""
        counts: dict[Number, Float64[np.ndarray, "draw sentence count"]] = {}
        bleu = np.zeros((len(chosen), *self._bleu.shape))
        for wanted in Number:
            rows = []
            for draw, some in enumerate(chosen):
                edit = known.edit(some, wanted, how)
                before = known.edit(some, wanted, how, before=True) if how.phrase else None
                within = held_at(self._units, self._text.source, self._aimed[wanted], edit, before)
                after = self._units.translator.translate(self._text.source, within)
                # aligned by the network as it is: changed units move its attention, though the words may stay
                led = self._units.translator.led(self._text.source, [one.text for one in after])
                rows.append(self._counted(led, wanted))
                bleu[draw] += bleu_counts([one.text for one in after], self._text.target)
            counts[wanted] = np.stack(rows)
        both = counts[Number.SINGULAR] + counts[Number.PLURAL]
        with_control = CorpusCounts(bleu, bleu_of)
        return Controlled(
            len(chosen[0]),
            how.b,
            corpus_figure(CorpusCounts(both[..., [0, 2]], _share)),
            {wanted: corpus_figure(CorpusCounts(counts[wanted][..., [0, 2]], _share)) for wanted in Number},
            corpus_figure(CorpusCounts(both[..., [1, 2]], _share)),
            corpus_figure(CorpusCounts(both[..., [3, 2]], _share)),
            corpus_figure(CorpusCounts(both[..., [4, 5]], _share)),
            corpus_figure(with_control),
            corpus_difference(CorpusCounts(2 * self._bleu[None], bleu_of), with_control),
        )

    def _rendered(self, translations: Sequence[Translation]) -> list[FrenchNumber | None]:
        return rendered(self._units.translator, self._text.source, translations, self._nouns)

    def _counted(self, after: Sequence[Translation], wanted: Number) -> Float64[np.ndarray, "sentence count"]:
        """By sentence: nouns changed, changed with determiner, aimed at, lost; others changed, others."""
        counts = np.zeros((len(self._text.source), 6))
        for noun, was, now in zip(self._nouns, self._numbers, self._rendered(after), strict=True):
            if was is None or was.number is not noun.number:
                continue
            changed = now is not None and now.number is not noun.number
            if noun.number is wanted:
                counts[noun.sentence, 4:] += (changed, 1)
            else:
                agrees = changed and now is not None and now.agrees
                counts[noun.sentence, :4] += (changed, agrees, 1, now is None)
        return counts


def _share(sums: Float[np.ndarray, " count"]) -> float:
    return float(sums[0] / sums[1]) if sums[1] else 0.0
