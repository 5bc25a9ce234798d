"""Words that a unit answers strongly wherever they stand."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32
from scipy import sparse

from milan.records import TopWord

__all__ = ["WordMeans"]

FEWEST, _KEPT = 5, 10
"""Places that a word must have, and words that are kept of a unit."""


class WordMeans:
    """Mean activations of the words of a text, whatever their case."""

    def __init__(self, words: Sequence[str]) -> None:
        place: dict[str, int] = {}
        kinds = np.array([place.setdefault(word.casefold(), len(place)) for word in words], np.int64)
        counts = np.bincount(kinds, minlength=len(place))
        self._kept = np.flatnonzero(counts >= FEWEST)
        self._words, self._counts = list(place), counts[self._kept]
        ones = np.ones(len(kinds), np.float32)
        by_kind = sparse.csr_matrix((ones, (kinds, np.arange(len(kinds)))), (len(place), len(kinds)))
        self._sums = by_kind[self._kept]

    def top(self, active: Float32[np.ndarray, "word unit"]) -> list[tuple[TopWord, ...]]:
        """The words of highest mean of each unit's standardised activations, of those above its own mean."""
        means = (self._sums @ active) / self._counts[:, None]
        found = []
        for unit in range(active.shape[1]):
            best = np.argsort(-means[:, unit], kind="stable")[:_KEPT].tolist()
            found.append(
                tuple(
                    TopWord(self._words[self._kept[at]], float(means[at, unit]), int(self._counts[at]))
                    for at in best
                    if means[at, unit] > 0
                )
            )
        return found
