"""What a table knows: the most frequent output of a character and its neighbours on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int64, UInt64

from milan.transliteration.romanise import Aligned
from milan.transliteration.vocabulary import Vocabulary

__all__ = ["ContextTable"]

_WIDEST = 4
"""Neighbours a side: nine inputs and an output still fit into 64 bits."""


@dataclass(frozen=True, eq=False)
class ContextTable:
    """The baseline of a transliterator, as n-grams are of a language model.

    The widest context that was seen in training decides; with no neighbours it is the most frequent output
    of the character.
    """

    vocabulary: Vocabulary
    seen: tuple[UInt64[np.ndarray, " context"], ...]
    """By neighbours a side: the contexts in ascending order, each as one number."""
    best: tuple[Int64[np.ndarray, " context"], ...]
    """The most frequent output of each."""

    @classmethod
    def of(cls, texts: Sequence[Aligned], vocabulary: Vocabulary, widest: int = _WIDEST) -> Self:
        """Count all contexts of up to so many neighbours a side (4 at most)."""
        n_outputs = np.uint64(len(vocabulary.outputs))
        outputs = np.concatenate([vocabulary.encode_outputs(text.letters) for text in texts])
        seen, best = [], []
        for n_neighbours in range(widest + 1):
            contexts = cls._contexts([text.latin for text in texts], vocabulary, n_neighbours)
            both, counts = np.unique(contexts * n_outputs + outputs.astype(np.uint64), return_counts=True)
            context, output = both // n_outputs, (both % n_outputs).astype(np.int64)
            order = np.lexsort((-counts, context))
            found, first = np.unique(context[order], return_index=True)
            seen.append(found)
            best.append(output[order][first])
        return cls(vocabulary, tuple(seen), tuple(best))

    def read(self, texts: Sequence[str], n_neighbours: int) -> list[Int64[np.ndarray, " position"]]:
        """The output's number at each character; 0 for a character that training did not have."""
        found = np.zeros(sum(map(len, texts)), np.int64)
        for width in range(n_neighbours + 1):
            contexts = self._contexts(texts, self.vocabulary, width)
            place = np.minimum(np.searchsorted(self.seen[width], contexts), len(self.seen[width]) - 1)
            is_known = self.seen[width][place] == contexts
            found[is_known] = self.best[width][place[is_known]]
        return np.split(found, np.cumsum([len(text) for text in texts])[:-1])

    @staticmethod
    def _contexts(
        texts: Sequence[str], vocabulary: Vocabulary, n_neighbours: int
    ) -> UInt64[np.ndarray, " position"]:
        """Each position's window as one number; `PAD`, which is number 0, stands beyond both ends."""
        found = []
        for text in texts:
            codes = np.pad(vocabulary.encode_inputs(text), n_neighbours).astype(np.uint64)
            windows = np.lib.stride_tricks.sliding_window_view(codes, 2 * n_neighbours + 1)
            base = np.uint64(len(vocabulary.inputs)) ** np.arange(2 * n_neighbours + 1, dtype=np.uint64)
            found.append(windows @ base)
        return np.concatenate(found)
