"""A network at work on a text, in counts of each sentence: what quality is measured by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Protocol, Self

import numpy as np
from jaxtyping import Float, Float64

from milan.ablation.text.translating import TranslatorUnits
from milan.errors import DataError, NetworkError
from milan.networks.interventions.change import Editable, EditableLayer
from milan.networks.text import LanguageModel, TextNetwork, language_model_of
from milan.statistics.corpus import Score
from milan.translation import Parallel, bleu_counts, bleu_of

__all__ = ["LOW_IS_GOOD", "LanguageTask", "Task", "TranslationTask"]


def _perplexity(sums: Float[np.ndarray, " count"]) -> float:
    return exp(min(float(sums[0] / sums[2]), 700.0))


def _accuracy(sums: Float[np.ndarray, " count"]) -> float:
    return float(sums[1] / sums[2])


_FORETOLD: Mapping[str, Score] = {"perplexity": _perplexity, "accuracy": _accuracy}
"""Of tokens that are given, each after the right ones before it: the perplexity, and the share that the
network would have written.
"""

LOW_IS_GOOD = frozenset({"perplexity"})
"""Qualities that rise where something is lost."""


class Task(Protocol):
    """Anything that a network with layers of units does on a text of sentences."""

    @property
    def units(self) -> Editable[EditableLayer]:
        """The network, as `milan.networks.interventions.change` knows it."""
        ...

    @property
    def qualities(self) -> Mapping[str, Score]:
        """Figures of sums over sentences, by name; the first is the one that matters most."""
        ...

    def run(self) -> Mapping[str, Float64[np.ndarray, "sentence count"]]:
        """Counts for each quality, with whatever is changed in the network meanwhile."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TranslationTask:
    """Parallel text, and the network that translates it: BLEU of greedy translations (0 to 100), and how well
    the references are foretold.
    """

    units: TranslatorUnits
    text: Parallel = field(repr=False)

    @property
    def qualities(self) -> Mapping[str, Score]:
        """BLEU, perplexity and accuracy."""
        return {"bleu": bleu_of, **_FORETOLD}

    def run(self) -> dict[str, Float64[np.ndarray, "sentence count"]]:
        """Counts for each quality, with whatever is changed in the network meanwhile."""
        translator = self.units.translator
        written = [one.text for one in translator.translate(self.text.source)]
        told = translator.foretold(self.text.source, self.text.target)
        return {"bleu": bleu_counts(written, self.text.target), "perplexity": told, "accuracy": told}


@dataclass(frozen=True, slots=True, eq=False)
class LanguageTask:
    """Sentences of tokens, and the causal language model that foretells them."""

    units: TextNetwork
    """The trunk of the model, whose units are changed."""
    model: LanguageModel = field(repr=False)
    sentences: tuple[tuple[int, ...], ...] = field(repr=False)
    """Of two tokens or more: before a single one there is nothing to foretell it from."""

    @classmethod
    def of(cls, network: TextNetwork, text: Sequence[Sequence[str]]) -> Self:
        """A network with its head, and sentences of words.

        NetworkError for a network that foretells nothing, DataError when no sentence has two tokens.
        """
        model = language_model_of(network)
        if model is None:
            raise NetworkError(f"{network.spec} was trained without the head of a causal language model")
        encoded = [network.encode(words).tokens for words in text if words]
        tokens = tuple(own for own in encoded if len(own) > 1)
        if not tokens:
            raise DataError(
                "the text to measure on has no sentence of two tokens: there is nothing to foretell"
            )
        return cls(network, model, tokens)

    @property
    def qualities(self) -> Mapping[str, Score]:
        """Perplexity and accuracy."""
        return _FORETOLD

    def run(self) -> dict[str, Float64[np.ndarray, "sentence count"]]:
        """Counts for each quality, with whatever is changed in the network meanwhile."""
        return dict.fromkeys(_FORETOLD, self.model.foretold(self.sentences))
