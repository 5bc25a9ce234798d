"""How surely units answer: against the layer's own descriptions, shuffled, and for all questions together.

A description given to another unit of its layer is false, and still may predict that unit by chance, or
because units of a layer are alike. So a unit's chance is how often a shuffled description of its layer
predicts a unit as well as its own does. The more is asked, the more false answers would be found surely:
chances are corrected for all answers to all questions in all layers, held back ones among them, by Benjamini
and Hochberg's rule.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from milan.catalog import Answer
from milan.describe import LEVEL
from milan.records import ShuffledFaithfulness
from milan.statistics.shares import benjamini_hochberg

__all__ = ["SURE", "Chance", "chances_of", "expected_false"]

SURE = 0.05
"""A unit answers surely when at most this share of the answers counted with it is expected to be false."""


class Chance(NamedTuple):
    """How easily a false description would have answered as well."""

    alone: float
    """How often a shuffled description of the layer predicts as well: a p-value."""
    corrected: float
    """Share of false answers, at most, if all that are as sure as this one are counted (q-value)."""


def chances_of(
    answers: Sequence[Answer], shuffled: Sequence[ShuffledFaithfulness | None]
) -> list[Chance | None]:
    """The chance of each answer, given what shuffled descriptions of its layer reach.

    All answers to all questions go in at once, those held back among them: what was said was picked by its
    faithfulness, and a correction over picked ones alone would correct too little. None where it is not
    known.
    """
    known = {
        at: layer.chance_of(answer.faithfulness)
        for at, (answer, layer) in enumerate(zip(answers, shuffled, strict=True))
        if layer is not None and answer.faithfulness is not None
    }
    corrected = benjamini_hochberg(list(known.values()))
    found: Mapping[int, Chance] = {
        at: Chance(alone, float(value)) for (at, alone), value in zip(known.items(), corrected, strict=True)
    }
    return [found.get(at) for at in range(len(answers))]


def expected_false(n_candidates: int, shuffled: ShuffledFaithfulness) -> float:
    """How many units would be said to answer if the layer's descriptions were shuffled.

    `n_candidates` units have a best candidate that answers, said or held back: so many would have one after
    shuffling too, and some would predict their new unit well enough to be said.
    """
    return n_candidates * shuffled.chance_of(LEVEL)
