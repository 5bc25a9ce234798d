"""A translator at work on a text, in counts of each sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

import numpy as np
from jaxtyping import Float, Float64

from milan.ablation.text.translating import TranslatorUnits
from milan.statistics.corpus import Score
from milan.translation import Parallel, bleu_counts, bleu_of

__all__ = ["LOW_IS_GOOD", "QUALITIES", "TranslationTask"]


def _perplexity(sums: Float[np.ndarray, " count"]) -> float:
    return exp(min(float(sums[0] / sums[2]), 700.0))


def _accuracy(sums: Float[np.ndarray, " count"]) -> float:
    return float(sums[1] / sums[2])


QUALITIES: Mapping[str, Score] = {"bleu": bleu_of, "perplexity": _perplexity, "accuracy": _accuracy}
"""BLEU of greedy translations, 0 to 100; of the references' tokens, each after the right ones before it, the
perplexity and the share that the network would have written.
"""

LOW_IS_GOOD = frozenset({"perplexity"})
"""Of `QUALITIES`, those that rise where something is lost."""


@dataclass(frozen=True, slots=True, eq=False)
class TranslationTask:
    """Parallel text, and the network that translates it."""

    units: TranslatorUnits
    text: Parallel = field(repr=False)

    def run(self) -> dict[str, Float64[np.ndarray, "sentence count"]]:
        """Counts for each of `QUALITIES`, with whatever is changed in the network meanwhile."""
        translator = self.units.translator
        written = [one.text for one in translator.translate(self.text.source)]
        told = translator.foretold(self.text.source, self.text.target)
        return {"bleu": bleu_counts(written, self.text.target), "perplexity": told, "accuracy": told}
