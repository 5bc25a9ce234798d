"""How surely units answer: against the layer's own descriptions, shuffled, and for all questions together.

A description given to another unit of its layer is false, and still may predict that unit by chance, or
because units of a layer are alike. So a unit's chance is how often a shuffled description of its layer
predicts a unit as well as its own does. The more is asked, the more false answers would be found surely:
chances are corrected for all answers to all questions in all layers, held back ones among them, by Benjamini
and Hochberg's rule.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

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
    by_layer: dict[int, tuple[ShuffledFaithfulness, list[int]]] = {}
    for at, (answer, layer) in enumerate(zip(answers, shuffled, strict=True)):
        if layer is not None and answer.faithfulness is not None:
            by_layer.setdefault(id(layer), (layer, []))[1].append(at)
    alone = np.full(len(answers), np.nan)
    for layer, places in by_layer.values():
        reached = np.array([answers[at].faithfulness for at in places], np.float64)
        alone[places] = layer.chances_of(reached)
    known = np.flatnonzero(~np.isnan(alone))
    corrected = benjamini_hochberg(alone[known].tolist()).tolist()
    found = dict(zip(known.tolist(), map(Chance, alone[known].tolist(), corrected), strict=True))
    return [found.get(at) for at in range(len(answers))]


def expected_false(n_candidates: int, shuffled: ShuffledFaithfulness) -> float:
    """How many units would be said to answer if the layer's descriptions were shuffled.

    `n_candidates` units have a best candidate that answers, said or held back: so many would have one after
    shuffling too, and some would predict their new unit well enough to be said.
    """
    return n_candidates * shuffled.chance_of(LEVEL)
