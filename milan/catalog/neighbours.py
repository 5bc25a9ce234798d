"""Units that are like one another: they hold the same images, or are said to respond to the like."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from milan.catalog.shown import shown_layers
from milan.catalog.tables import DescriptionRow, ExemplarRow, UnitRow
from milan.records import UnitId

__all__ = ["Neighbour", "holding_the_same"]

FEWEST_SHARED = 2
"""One image in common is chance among units of any number."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A unit that holds some of another's exemplar images (or passages) among its own."""

    unit: UnitId
    phrase: str | None
    """What it is said to respond to."""
    n_shared: int
    """Images that both hold."""


def holding_the_same(connection: Connection, unit: UnitId, limit: int) -> list[Neighbour]:
    """Units of the same network that were shown the same images, those that share most first."""
    layers = {shown.exemplars.id: shown for shown in shown_layers(connection, unit.network, None)}
    (own_layer,) = [shown for shown in layers.values() if shown.layer == unit.layer]
    same = own_layer.exemplars.collection_id
    alike = {key: shown for key, shown in layers.items() if shown.exemplars.collection_id == same}
    own, other = aliased(ExemplarRow), aliased(ExemplarRow)
    this = select(UnitRow.id).where(UnitRow.set_id == own_layer.exemplars.id, UnitRow.number == unit.index)
    n_shared = func.count().label("n_shared")
    sharing = (
        select(UnitRow.id, UnitRow.set_id, UnitRow.number, n_shared)
        .select_from(own)
        .join(other, and_(other.picture == own.picture, other.unit_id != own.unit_id))
        .join(UnitRow, UnitRow.id == other.unit_id)
        .where(own.unit_id == this.scalar_subquery(), UnitRow.set_id.in_(list(alike)))
        .group_by(UnitRow.id, UnitRow.set_id, UnitRow.number)
        .having(n_shared >= FEWEST_SHARED)
        .order_by(n_shared.desc(), UnitRow.set_id, UnitRow.number)
        .limit(limit)
    )
    rows = connection.execute(sharing).all()
    said = select(DescriptionRow.unit_id, DescriptionRow.phrase).where(
        DescriptionRow.unit_id.in_([row.id for row in rows]),
        DescriptionRow.version_id.in_([alike[row.set_id].version for row in rows]),
    )
    phrases = {row.unit_id: row.phrase for row in connection.execute(said)}
    return [
        Neighbour(
            UnitId(unit.network, alike[row.set_id].layer, row.number), phrases.get(row.id), row.n_shared
        )
        for row in rows
    ]
