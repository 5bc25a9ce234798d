"""What validation images say of units: which of them show the concept, what they lose without each unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from jaxtyping import Bool

from milan.ablation import LayerScores, Levels, SetTo, score_units
from milan.networks import Network
from milan.records import UnitId
from milan.uses.edit.choosing import ordered
from milan.uses.edit.options import EditOptions, Rule
from milan.uses.edit.preparing import Prepared
from milan.uses.edit.showing import shows_concept

__all__ = ["Ranking"]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All that a rule needs to put units in order."""

    rule: Rule
    scores: tuple[LayerScores, ...]
    """Of all units, candidates or not."""
    shown: Bool[np.ndarray, " image"]
    """Which validation images show the concept, by the candidates themselves."""
    shown_blind: Bool[np.ndarray, " image"]
    """The same as if all units were candidates: what is known without descriptions."""
    levels: Levels | None
    """What units are held at; None for zero."""

    @classmethod
    def read(
        cls,
        network: Network,
        prepared: Prepared,
        options: EditOptions,
        progress: Callable[[int, int], None],
    ) -> Self:
        """Run the validation images again without each unit of the layers."""
        shown, responses = prepared.shown, prepared.responses
        levels = responses.levels(among=~shown) if options.set_to is SetTo.MEAN else None
        scores = score_units(network, prepared.validation, prepared.layers, levels=levels, progress=progress)
        blind = shows_concept(responses.peaks(prepared.candidates.pool))
        return cls(options.rule, tuple(scores), shown, blind, levels)

    def order(self, units: Sequence[UnitId]) -> list[UnitId]:
        """Some of the units, those that should go first in front."""
        return ordered(units, self.scores, self.rule, self.shown)

    def blind(self) -> Self:
        """The ranking of somebody who knows no descriptions."""
        return replace(self, shown=self.shown_blind)

    def drop(self, unit: UnitId) -> float:
        """Share of validation images lost without the unit."""
        return float(next(one.drop[unit.index] for one in self.scores if one.layer == unit.layer))

    def held_at(self, unit: UnitId) -> float:
        """The activation at which the unit is held."""
        return 0.0 if self.levels is None else float(self.levels[unit.layer][unit.index])
