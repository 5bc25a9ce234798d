"""Which words choose phrases, and which measure them: sentences are sent to a side by their content."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Int64

from milan.datasets import Side, side_of
from milan.errors import DataError
from milan.records import content_key
from milan.texts import Passages, Sentences

__all__ = ["Samples"]

_VALIDATES = 4
"""One sentence of the exemplar side in so many stops explanations that the others fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Words of a text that have activations, by what they serve."""

    exemplar: Int64[np.ndarray, " word"]
    """All words of the exemplar side: the strongest of them are a unit's exemplars."""
    selected: Int64[np.ndarray, " other"]
    """Those of them that choose phrases by a unit's whole range."""
    validation: Bool[np.ndarray, " other"]
    """Which of `selected` stop explanations."""
    measured: Int64[np.ndarray, " third"]
    """Words of the measuring side on which phrases are measured."""
    passage: Int64[np.ndarray, " third"]
    """Number of the sentence of each of `measured` (of a long one, of its passage), from 0 without gaps: the
    bootstrap draws these.
    """

    @classmethod
    def of(
        cls, text: Sentences, has_activations: Bool[np.ndarray, " word"], n_selected: int, n_measured: int
    ) -> Self:
        """Send each sentence to a side for ever; equal sentences go together.

        Of each side sentences are taken in an order drawn by their content until there are words enough; of
        long ones, passages. A handful that all fell on the measuring side choose phrases all the same.
        DataError without any word.
        """
        if not has_activations.any():
            raise DataError(f"none of {len(text)} words has activations: nothing can be described")
        keys = np.array([content_key(list(words)) for words in text.each()])
        measures = np.array([side_of(key) is Side.MEASURING for key in keys])
        if not (has_activations & ~measures[text.sentence]).any():
            measures[:] = False
        order = np.empty(len(keys), np.int64)
        order[np.argsort(keys, kind="stable")] = np.arange(len(keys))
        words = np.flatnonzero(has_activations)
        apart = measures[text.sentence[words]]
        passage = Passages.of(text).of_word
        ordered = (
            order[text.sentence] * len(text) + passage
        )  # whole sentences in their order, passage by passage
        selected = _drawn(words[~apart], ordered, n_selected)
        measured = _drawn(words[apart], ordered, n_measured)
        digits = np.array([int(key[8:16], 16) for key in keys])  # neither those of the side nor of the order
        return cls(
            words[~apart],
            selected,
            digits[text.sentence[selected]] % _VALIDATES == 0,
            measured,
            np.unique(passage[measured], return_inverse=True)[1].astype(np.int64),
        )


def _drawn(
    words: Int64[np.ndarray, " some"], ordered: Int64[np.ndarray, " word"], n: int
) -> Int64[np.ndarray, " fewer"]:
    """The words of the first passages in the order, whole passages until there are n words."""
    if len(words) <= n:
        return words
    place = ordered[words]
    found: Int64[np.ndarray, " fewer"] = words[place <= np.sort(place)[n - 1]]
    return found
