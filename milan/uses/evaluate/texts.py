"""How good the descriptions of text units are, beside words that know little of them: while they are made.

A catalog keeps no activations of a text, so this is measured when it is described, and kept.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from milan.describe.text import TextDescriber
from milan.records import LayerEvaluation
from milan.uses.evaluate.comparison import compared
from milan.uses.evaluate.options import EvaluateOptions
from milan.uses.evaluate.prediction import Trial
from milan.uses.evaluate.words import LayerWords

__all__ = ["evaluate_texts"]


def evaluate_texts(
    words: LayerWords,
    describer: TextDescriber,
    selected: Float32[np.ndarray, "word unit"],
    measured: Float32[np.ndarray, "other unit"],
) -> LayerEvaluation:
    """The table of a layer's highest ends, from activations of all its units at both samples of words.

    The constant phrase is the one that follows all units best where phrases are chosen. It and the most
    frequent one are given to each unit with whichever sign fits, a lead that own phrases do not have.
    """
    units = list(words.units)
    seed = describer.settings.seed
    options = replace(EvaluateOptions(), constant=describer.fits_all(selected[:, units]), seed=seed)
    trial = Trial.of_words(measured[:, units], describer.measurer)
    return compared(words.stated(seed), words.phrases, {}, trial, options)
