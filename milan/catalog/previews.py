"""What a run shows before it has seen all images, and how that goes when it has."""

from sqlalchemy import Connection, delete, select

from milan.catalog.descriptions import forget_words
from milan.catalog.networks import network_id
from milan.catalog.tables import CollectionRow, ExemplarSetRow, LayerRow, NetworkRow, VersionRow
from milan.records import Provenance

__all__ = ["forget_previews", "previews"]


def previews(connection: Connection, network: str) -> list[int]:
    """The exemplar sets of a network that are previews; none of an unknown network."""
    rows = connection.execute(
        select(ExemplarSetRow.id, ExemplarSetRow.provenance)
        .join(LayerRow, LayerRow.id == ExemplarSetRow.layer_id)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
        .where(NetworkRow.name == network)
    )
    return [row.id for row in rows if Provenance(**row.provenance).is_preview]


def forget_previews(connection: Connection, network: str) -> None:
    """Remove them with their words, so that nothing tells afterwards that there were any."""
    network_id(connection, network)
    found = previews(connection, network)
    versions = list(connection.scalars(select(VersionRow.id).where(VersionRow.set_id.in_(found))))
    for version in versions:
        forget_words(connection, version)
    connection.execute(delete(VersionRow).where(VersionRow.id.in_(versions)))
    connection.execute(delete(ExemplarSetRow).where(ExemplarSetRow.id.in_(found)))
    used = select(ExemplarSetRow.collection_id)
    connection.execute(delete(CollectionRow).where(CollectionRow.id.not_in(used)))
