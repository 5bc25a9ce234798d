"""A language's rules, its vocabulary and the network that undoes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import torch
from jaxtyping import Int64

from milan.transliteration.batches import equal_batches
from milan.transliteration.network import Transliterator
from milan.transliteration.romanise import PLACEHOLDER
from milan.transliteration.rules import Rules
from milan.transliteration.shipped import shipped_weights
from milan.transliteration.vocabulary import Vocabulary

__all__ = ["Transliteration"]


@dataclass(frozen=True, eq=False)
class Transliteration:
    """From Latin letters back to a language's own."""

    rules: Rules
    vocabulary: Vocabulary
    network: Transliterator = field(repr=False)

    @classmethod
    def open(cls, language: str) -> Self:
        """The one that ships for a language; UnknownName without rules, DataError without a network."""
        rules = Rules.open(language)
        return cls.of(rules, shipped_weights(language, Vocabulary.of(rules)))

    @classmethod
    def of(cls, rules: Rules, network: Transliterator) -> Self:
        """A network of one's own."""
        return cls(rules, Vocabulary.of(rules), network)

    def restore(self, texts: Sequence[str]) -> list[str]:
        """The texts in the language's letters; Latin words, signs and numbers as they are.

        Characters that the network does not tell apart are put back at their places.
        """
        restored = []
        for text, codes in zip(texts, self.read(texts), strict=True):
            symbols = [
                self.vocabulary.outputs[code] if self.vocabulary.knows(character) else character
                for character, code in zip(text, codes.tolist(), strict=True)
            ]
            restored.append(self.rules.split("".join(symbols).replace(PLACEHOLDER, "")))
        return restored

    @torch.inference_mode()
    def read(self, texts: Sequence[str]) -> list[Int64[np.ndarray, " position"]]:
        """The output's number at each character of each Latin text."""
        found = [np.zeros(0, np.int64)] * len(texts)
        for numbers in equal_batches([len(text) for text in texts]):
            if texts[numbers[0]]:
                codes = np.stack([self.vocabulary.encode_inputs(texts[number]) for number in numbers])
                told = self.network(torch.from_numpy(codes)).argmax(dim=2).numpy()
                for number, row in zip(numbers, told, strict=True):
                    found[number] = row
        return found
