"""How far each unit's own scale reaches: what makes activations of unlike units comparable."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64
from sqlalchemy import Connection, and_, select

from milan.catalog.shown import shown_layers
from milan.catalog.tables import ExemplarRow, UnitRow
from milan.catalog.words import SaidUnits, read_said

__all__ = ["UnitLevels", "read_levels"]


@dataclass(frozen=True, slots=True, eq=False)
class UnitLevels:
    """Units of one network with what is said of them and two levels of each, in the unit's own scale."""

    said: SaidUnits
    threshold: Float64[np.ndarray, " unit"]
    """Above it a position belongs to a region; not-a-number for a failed unit."""
    strongest: Float64[np.ndarray, " unit"]
    """Peak of the strongest exemplar; not-a-number for a unit without exemplars."""

    def strength(self, peaks: Float[np.ndarray, " unit"]) -> Float64[np.ndarray, " unit"]:
        """Peaks on the units' own scales: 0 at the threshold, 1 at the strongest exemplar, above 1 beyond it.

        Not-a-number where a unit has no such scale: dead, failed, or as strong everywhere.
        """
        reach = self.strongest - self.threshold
        with np.errstate(invalid="ignore", divide="ignore"):
            share: Float64[np.ndarray, " unit"] = (peaks - self.threshold) / reach
        share[~(reach > 0)] = np.nan
        return share


def read_levels(connection: Connection, network: str, encoder: str) -> UnitLevels:
    """Read a network's levels, in the order of what is said of its units."""
    levels = [
        (np.nan if row.threshold is None else row.threshold, np.nan if row.peak is None else row.peak)
        for shown in shown_layers(connection, network, None)
        for row in connection.execute(
            select(UnitRow.threshold, ExemplarRow.peak)
            .outerjoin(ExemplarRow, and_(ExemplarRow.unit_id == UnitRow.id, ExemplarRow.rank == 0))
            .where(UnitRow.set_id == shown.exemplars.id)
            .order_by(UnitRow.number)
        )
    ]
    columns = np.array(levels, np.float64).reshape(-1, 2).T
    return UnitLevels(read_said(connection, network, None, encoder), columns[0], columns[1])
