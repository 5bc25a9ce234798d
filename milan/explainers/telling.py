"""What a language model that knows a phrase alone says of passages: whether it fits, and where."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from milan.explainers.language_model import LanguageModel
from milan.explainers.prompts import LEVELS, NO, UNKNOWN, YES, fits_piece, fits_prompt, levels_prompt

__all__ = ["detect", "simulate"]


def detect(
    model: LanguageModel, phrase: str, passages: Sequence[Sequence[str]]
) -> Float64[np.ndarray, " passage"]:
    """How surely the phrase fits each passage, 0 to 1: the share of yes among yes and no."""
    asked = [[fits_piece(phrase, " ".join(words))] for words in passages]
    return np.array([answer[0, 0] for answer in model.answers(fits_prompt(), asked, (YES, NO))], np.float64)


def simulate(
    model: LanguageModel, phrase: str, passages: Sequence[Sequence[str]]
) -> list[Float64[np.ndarray, " word"]]:
    """The activation that the phrase lets expect of each word, 0 to 9.

    All slots of a passage are read at once: each holds the mean over the digits' shares, while those before
    it are unknown.
    """
    asked = [
        [f"{word}\t" if not at else f"{UNKNOWN}\n{word}\t" for at, word in enumerate(words)]
        for words in passages
    ]
    shares = model.answers(levels_prompt(phrase), asked, LEVELS)
    return [own @ np.arange(len(LEVELS), dtype=np.float64) for own in shares]
