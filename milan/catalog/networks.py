"""Networks and their layers, by name."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select, update

from milan.catalog.tables import LayerRow, NetworkRow, add_row
from milan.errors import CatalogError, UnknownName
from milan.records import Provenance, UnitId

__all__ = ["add_network", "find_layer", "layer_id", "listed", "network_id"]


def add_network(
    connection: Connection, name: str, provenance: Provenance, order_of_layers: Sequence[str]
) -> None:
    """Add a network and its layers, or check that the one of this name has the same weights.

    Raises UsageError for names that no unit's address can hold.
    """
    for layer in order_of_layers:
        UnitId(name, layer, 0)
    found = connection.execute(
        select(NetworkRow.id, NetworkRow.weights_hash).where(NetworkRow.name == name)
    ).first()
    if found is None:
        row = {"name": name, "spec": provenance.network_spec, "weights_hash": provenance.weights_hash}
        network = add_row(connection, NetworkRow, row)
    elif found.weights_hash == provenance.weights_hash:
        network = found.id
    else:
        raise CatalogError(
            f"the catalog holds another network under the name {name!r} (its weights differ). "
            f"Give this one a name of its own with --name, or start over with --fresh."
        )
    for layer, position in zip(order_of_layers, _positions(order_of_layers), strict=True):
        known = (LayerRow.network_id == network) & (LayerRow.name == layer)
        if not connection.execute(update(LayerRow).where(known).values(position=position)).rowcount:
            add_row(connection, LayerRow, {"network_id": network, "name": layer, "position": position})


def _positions(order_of_layers: Sequence[str]) -> Iterator[int]:
    """Directions (`layer@name`) share their layer's place: no other layer moves when they are given."""
    known, place = set(order_of_layers), -1
    for layer in order_of_layers:
        place += layer.rpartition("@")[0] not in known
        yield place


def find_layer(connection: Connection, network: str, layer: str) -> int | None:
    """The id of a layer, or None."""
    return connection.scalar(
        select(LayerRow.id)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
        .where(NetworkRow.name == network, LayerRow.name == layer)
    )


def layer_id(connection: Connection, network: str, layer: str) -> int:
    """The id of a layer; UnknownName with the nearest otherwise."""
    of_network = LayerRow.network_id == network_id(connection, network)
    rows = connection.execute(
        select(LayerRow.name, LayerRow.id).where(of_network).order_by(LayerRow.position)
    )
    known = {row.name: row.id for row in rows}
    if layer not in known:
        raise UnknownName("layer", layer, known, f"The catalog has, of {network!r}: {listed(known)}.")
    return int(known[layer])


def network_id(connection: Connection, name: str) -> int:
    """The id of a network; UnknownName with the nearest otherwise."""
    found = connection.scalar(select(NetworkRow.id).where(NetworkRow.name == name))
    if found is None:
        known = list(connection.scalars(select(NetworkRow.name).order_by(NetworkRow.name)))
        raise UnknownName("network", name, known, f"The catalog has: {listed(known)}.")
    return found


def listed(names: Iterable[str]) -> str:
    """The first ten names in a line, for a message."""
    shown = list(names)
    return ", ".join(shown[:10]) + ("" if len(shown) <= 10 else f" and {len(shown) - 10} more") or "nothing"
