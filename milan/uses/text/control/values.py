"""What units are set to so that a translation takes another property, and where (Bau et al., ICLR 2019)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float, Int64

from milan.ablation.text import TranslatorUnits
from milan.ablation.text.reading import at_tokens
from milan.errors import DataError
from milan.networks.interventions import change
from milan.probes import Labelled, ranker
from milan.records import Edit
from milan.translation.translator import Within
from milan.uses.text.control.nouns import Noun
from milan.uses.text.number import Number

__all__ = ["NumberUnits", "Setting", "Way", "control_values", "held_at"]

Way = Literal["set", "shift"]


class Setting(NamedTuple):
    """How units are changed."""

    b: float
    """As in `control_values`."""
    way: Way = "set"
    """`set` to the values, as the paper does, or `shift` by as much."""
    phrase: bool = False
    """Whether the words before a noun are changed too, by their own means: `a small` of `a small dog`."""


def control_values(
    mean_from: Float[np.ndarray, " unit"], mean_to: Float[np.ndarray, " unit"], b: float
) -> Float[np.ndarray, " unit"]:
    """Activations that take a word from one value of a property to another: mu_to + b (mu_to - mu_from).

    With b = 0 a unit is set to its mean over words that have the wanted value, with b > 0 beyond it, and with
    b = -1 to the mean that it is to leave. The paper prints mu_1 + b (mu_1 - mu_2) with mu_1 the mean of the
    value that is left: there a positive b moves away from the wanted one, which its b = -1 reaches.
    """
    values: Float[np.ndarray, " unit"] = mean_to + b * (mean_to - mean_from)
    return values


@dataclass(frozen=True, slots=True, eq=False)
class NumberUnits:
    """What a layer's units do at singular and plural nouns, and at the words before them."""

    layer: str
    means: Mapping[Number, Float[np.ndarray, " unit"]]
    """Over the last tokens of nouns of each number."""
    before: Mapping[Number, Float[np.ndarray, " unit"]]
    """Over those of the words of their phrases before them."""
    order: Int64[np.ndarray, " unit"]
    """Units that tell the two best, first."""

    @classmethod
    def of(
        cls, units: TranslatorUnits, sentences: Sequence[str], nouns: Sequence[Noun], layer: str, by: str
    ) -> Self:
        """Read the nouns of some sentences and rank the units by one of `milan.probes.RANKERS`.

        DataError unless there are nouns of both numbers; BadSetting for a layer of the decoder.
        """
        of_nouns = [(noun.number, noun.sentence, noun.word) for noun in nouns]
        of_others = [(noun.number, noun.sentence, word) for noun in nouns for word in noun.before]
        if any({number for number, _, _ in words} != set(Number) for words in (of_nouns, of_others)):
            raise DataError(
                f"{len(nouns)} nouns are not of both numbers, with determiners: give more sentences"
            )
        matrix, others = (
            at_tokens(units, sentences, [(at, word.end - 1) for _, at, word in words], layer)
            for words in (of_nouns, of_others)
        )
        labels, of_phrase = (
            np.array([number is Number.PLURAL for number, _, _ in words], np.int64)
            for words in (of_nouns, of_others)
        )
        order = ranker(by)(Labelled(matrix, labels, 2)).ranking.order
        return cls(layer, _means(matrix, labels), _means(others, of_phrase), order)

    def edit(self, chosen: Sequence[int], to: Number, how: Setting, *, before: bool = False) -> Edit:
        """What takes nouns, or the words before them, to a number.

        Some units are set to `control_values`, or shifted by as much. A shift brings the mean of the
        number that is left to the same values, and leaves each noun what makes it unlike others.
        """
        means = self.before if before else self.means
        start = means[to.other]
        values = control_values(start, means[to], how.b)
        if how.way == "set":
            return Edit.to_value(self.layer, chosen, values[list(chosen)].tolist())
        return Edit(self.layer, tuple(chosen), 1.0, tuple((values - start)[list(chosen)].tolist()))


def held_at(
    units: TranslatorUnits,
    sentences: Sequence[str],
    nouns: Sequence[Noun],
    edit: Edit,
    before: Edit | None = None,
) -> Within:
    """For `Translator.translate`: an edit at all tokens of some nouns, and one of the words before them."""
    lengths = [len(units.translator.source.tokens(sentence)) + 1 for sentence in sentences]
    of_sentence: dict[int, list[Noun]] = {}
    for noun in nouns:
        of_sentence.setdefault(noun.sentence, []).append(noun)

    @contextmanager
    def within(rows: list[int]) -> Iterator[None]:
        at = torch.zeros((2, len(rows), max(lengths[row] for row in rows)), dtype=torch.bool)
        for place, row in enumerate(rows):
            for noun in of_sentence.get(row, ()):
                at[0, place, noun.word.start : noun.word.end] = True
                for word in noun.before:
                    at[1, place, word.start : word.end] = True
        with change(units, [edit], at[0]), change(units, [before] if before else [], at[1]):
            yield

    return within


def _means(
    matrix: Float[np.ndarray, "word unit"], is_plural: Int64[np.ndarray, " word"]
) -> dict[Number, Float[np.ndarray, " unit"]]:
    return {
        number: matrix[is_plural == (number is Number.PLURAL)].mean(0, dtype=np.float64) for number in Number
    }
