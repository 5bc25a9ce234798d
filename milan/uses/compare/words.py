"""What both networks' units are said to respond to, and how close in meaning."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from milan.catalog import SaidUnits
from milan.records import Figure, UnitId
from milan.statistics import mean_figure

__all__ = ["Words"]


class Words:
    """Phrases of two networks, to be asked pair by pair."""

    def __init__(self, first: SaidUnits, second: SaidUnits) -> None:
        self._said = (first, second)
        self._rows = tuple({said.unit(row): row for row in range(len(said))} for said in self._said)

    def phrase(self, unit: UnitId, side: int) -> str | None:
        """The best phrase of a unit of the first (0) or second (1) network, said or held back."""
        row = self._rows[side].get(unit)
        place = -1 if row is None else int(self._said[side].phrase[row])
        return None if place < 0 else self._said[side].phrases[place]

    def phrases(self, first: UnitId, second: UnitId) -> tuple[str | None, str | None]:
        """Both phrases of a pair."""
        return self.phrase(first, 0), self.phrase(second, 1)

    def cosine(self, first: UnitId, second: UnitId) -> float | None:
        """How close in meaning the phrases of a pair are; None where one has no phrase, or no vector."""
        vectors = [self._vector(unit, side) for side, unit in enumerate((first, second))]
        if vectors[0] is None or vectors[1] is None:
            return None
        return float(vectors[0] @ vectors[1])

    def agreement(
        self, pairs: Sequence[tuple[UnitId, UnitId]], seed: int = 0
    ) -> tuple[Figure | None, Figure | None]:
        """Mean cosine over pairs, and over the same units paired anew by chance; None without vectors."""
        both = [(self._vector(a, 0), self._vector(b, 1)) for a, b in pairs]
        known = [(a, b) for a, b in both if a is not None and b is not None]
        if len(known) < 2:
            return None, None
        first, second = (np.stack(side) for side in zip(*known, strict=True))
        away = np.random.default_rng(seed).integers(1, len(known))  # turned by this much, none keeps its own
        return mean_figure((first * second).sum(1)), mean_figure((first * np.roll(second, away, 0)).sum(1))

    def _vector(self, unit: UnitId, side: int) -> Float64[np.ndarray, " dim"] | None:
        said, row = self._said[side], self._rows[side].get(unit)
        if row is None or said.phrase[row] < 0 or not said.vectors.shape[1]:
            return None
        vector = said.vectors[said.phrase[row]].astype(np.float64)
        return vector if vector.any() else None
