"""What a network did with one picture or text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32

__all__ = ["Answer", "Reaction"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came out at the end; empty for a network that only represents what it is given."""

    chances: Float32[np.ndarray, " output"] | None = None
    """Of each class; of a language model, of each next token. They sum to 1."""
    lines: tuple[str, ...] = ()
    """What was written, for each line that was read."""
    perplexity: float | None = None
    """Of a language model, for what it read; None where it read no second token."""


@dataclass(frozen=True, slots=True, eq=False)
class Reaction:
    """Activations of described layers, and the answer."""

    activations: Mapping[str, Float32[np.ndarray, "unit *place"]] = field(repr=False)
    """By layer: maps on the layer's grid, or a row a word, not-a-number for a word that has no token."""
    answer: Answer

    def peaks(self, layer: str) -> Float32[np.ndarray, " unit"]:
        """The highest activation of each unit; -inf where there is none."""
        rows = self.activations[layer].reshape(len(self.activations[layer]), -1)
        found: Float32[np.ndarray, " unit"] = np.fmax.reduce(rows, axis=1, initial=np.float32(-np.inf))
        return found
