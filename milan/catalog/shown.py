"""What is shown of each layer: its newest exemplars, and the newest version of their descriptions."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.orm import aliased

from milan.catalog.descriptions import newest_version
from milan.catalog.exemplars import SET_COLUMNS
from milan.catalog.networks import listed, network_id
from milan.catalog.tables import ExemplarSetRow, LayerRow, NetworkRow, VersionRow
from milan.errors import UnknownName

__all__ = ["ShownLayer", "held_layers", "shown_layers"]


class ShownLayer(NamedTuple):
    """What is shown of one layer."""

    network: str
    layer: str
    exemplars: Row[Any]
    """The newest exemplar set."""
    version: int | None
    """The description version shown."""


def shown_layers(connection: Connection, network: str | None, layer: str | None) -> list[ShownLayer]:
    """Layers that hold exemplars, by network name, then position; UnknownName for a wrong name."""
    query = _newest_sets().order_by(NetworkRow.name, LayerRow.position, LayerRow.name)
    if network is not None:
        query = query.where(NetworkRow.id == network_id(connection, network))
    if layer is not None:
        query = query.where(LayerRow.name == layer)
    rows = connection.execute(query).all()
    if layer is not None and not rows:
        _check_layer(connection, network, layer)
    return [ShownLayer(row.network, row.layer, row, row.version) for row in rows]


def _newest_sets() -> Select[Any]:
    """What `shown_set` answers, of all layers at once, with names and the version shown of each."""
    layer, newer = ExemplarSetRow.layer_id, aliased(ExemplarSetRow)
    newest = select(func.max(newer.turn)).where(newer.layer_id == layer).scalar_subquery()
    version = newest_version().where(VersionRow.set_id == ExemplarSetRow.id).scalar_subquery()
    names = (NetworkRow.name.label("network"), LayerRow.name.label("layer"))
    return (
        select(*SET_COLUMNS, *names, version.label("version"))
        .join(LayerRow, LayerRow.id == layer)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
        .where(ExemplarSetRow.downward_of.is_(None), ExemplarSetRow.turn == newest)
    )


def _check_layer(connection: Connection, network: str | None, layer: str) -> None:
    """Raise UnknownName unless there is such a layer, with or without exemplars."""
    query = select(LayerRow.id).where(LayerRow.name == layer)
    if network is not None:
        query = query.where(LayerRow.network_id == network_id(connection, network))
    if connection.scalar(query.limit(1)) is None:
        held = held_layers(connection, network)
        raise UnknownName("layer", layer, held, f"The catalog has exemplars of: {listed(held)}.")


def held_layers(connection: Connection, network: str | None) -> list[str]:
    """Names of the layers that have exemplars: a network's other layers are known by name only."""
    return list(dict.fromkeys(shown.layer for shown in shown_layers(connection, network, None)))
