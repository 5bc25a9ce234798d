"""Symbols as numbers: what the network reads and what it writes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Int64

from milan.transliteration.romanise import PLACEHOLDER
from milan.transliteration.rules import Rules

__all__ = ["PAD", "UNKNOWN", "Vocabulary"]

PAD = "\u2001"
"""Fills short texts of a batch."""
UNKNOWN = "#"
"""Stands for every character that is not in the vocabulary."""


@dataclass(frozen=True)
class Vocabulary:
    """Inputs in order, and outputs in order: the inputs, which may pass through, then the script's letters.

    >>> found = Vocabulary.of(Rules.open("hy"))
    >>> len(found.inputs), len(found.outputs)
    (72, 152)
    """

    inputs: str
    outputs: str

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """The vocabulary that a language's rules make."""
        inputs = PAD + PLACEHOLDER + rules.inputs
        return cls(inputs, inputs + "".join(rules.letters))

    def encode_inputs(self, text: str) -> Int64[np.ndarray, " position"]:
        """Number of each character of a Latin text; that of `UNKNOWN` for others."""
        unknown = self._input_numbers[UNKNOWN]
        return np.array([self._input_numbers.get(one, unknown) for one in text], np.int64)

    def encode_outputs(self, text: str) -> Int64[np.ndarray, " position"]:
        """The same for a text in the script."""
        unknown = self._output_numbers[UNKNOWN]
        return np.array([self._output_numbers.get(one, unknown) for one in text], np.int64)

    def knows(self, character: str) -> bool:
        """Whether the network tells an input from all others."""
        return character in self._input_numbers

    @cached_property
    def _input_numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.inputs)}

    @cached_property
    def _output_numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.outputs)}
