"""Whether a catalog holds together: what is broken, what a run left unfinished, and mending what can be."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select, text

from milan.catalog.backends import dialect
from milan.catalog.tables import (
    CandidateRow,
    CollectionRow,
    DescriptionRow,
    ExemplarRow,
    ExemplarSetRow,
    LayerRow,
    NetworkRow,
    PictureRow,
    UnitRow,
    VersionRow,
)
from milan.records import PicturePolicy, Provenance

__all__ = ["Trouble", "TroubleKind", "find_troubles", "mend"]

_SHOWN = 3
"""Examples named of each kind."""


class TroubleKind(StrEnum):
    """What can be wrong with a catalog."""

    DAMAGED = "damaged"
    """Pages of the file are not what SQLite wrote: nothing here mends that."""
    ORPHANED = "orphaned"
    """Rows that belong to none."""
    UNINDEXED = "unindexed"
    """Descriptions that search by words does not find, or finds though they are gone."""
    UNUSED = "unused"
    """Collections of images that no exemplars are of: room for nothing."""
    PICTURES = "pictures"
    """Exemplars whose image has no picture."""
    UNFINISHED = "unfinished"
    """Layers of runs that have not ended."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of thing that is wrong."""

    kind: TroubleKind
    count: int
    examples: tuple[str, ...]
    mendable: bool
    """Whether `mend` removes it without losing anything that is shown."""


def find_troubles(connection: Connection) -> list[Trouble]:
    """All that is wrong; of a damaged file nothing else is asked."""
    problems = dialect(connection).integrity.damages(connection)
    if problems:
        return [Trouble(TroubleKind.DAMAGED, len(problems), tuple(problems[:_SHOWN]), mendable=False)]
    found = [ask(connection) for ask in _QUESTIONS]
    return [trouble for trouble in found if trouble.count]


def mend(connection: Connection) -> None:
    """Remove orphaned rows and unused collections, and index what is said anew."""
    dialect(connection).integrity.remove_orphans(connection)
    connection.execute(text(f"DELETE FROM description_text WHERE {_GONE}"))
    for missing in connection.execute(select(DescriptionRow.id, DescriptionRow.phrase).where(text(_MISSING))):
        others = connection.scalars(
            select(CandidateRow.phrase)
            .where(CandidateRow.description_id == missing.id)
            .order_by(CandidateRow.rank)
        )
        row = {
            "id": missing.id,
            "phrase": missing.phrase or "",
            "others": "\n".join(phrase for phrase in others if phrase != missing.phrase),
        }
        dialect(connection).words.store(connection, [row])
    connection.execute(delete(CollectionRow).where(CollectionRow.id.not_in(_USED)))


_GONE = "rowid NOT IN (SELECT id FROM description)"
_MISSING = "description.id NOT IN (SELECT rowid FROM description_text)"
_USED = select(ExemplarSetRow.collection_id)


def _orphaned(connection: Connection) -> Trouble:
    kinds = dialect(connection).integrity.orphans(connection)
    named = tuple(f"{n} of {table} without {parent}" for (table, parent), n in kinds.most_common(_SHOWN))
    return Trouble(TroubleKind.ORPHANED, kinds.total(), named, mendable=True)


def _unindexed(connection: Connection) -> Trouble:
    missing = connection.scalar(select(func.count()).select_from(DescriptionRow).where(text(_MISSING))) or 0
    gone = connection.scalar(text(f"SELECT count(*) FROM description_text WHERE {_GONE}")) or 0
    named = tuple(
        f"{count} descriptions {what}"
        for count, what in ((missing, "are not found"), (gone, "are found and gone"))
        if count
    )
    return Trouble(TroubleKind.UNINDEXED, missing + gone, named, mendable=True)


def _unused(connection: Connection) -> Trouble:
    found = list(connection.scalars(select(CollectionRow.id).where(CollectionRow.id.not_in(_USED))))
    return Trouble(TroubleKind.UNUSED, len(found), (), mendable=True)


def _without_pictures(connection: Connection) -> Trouble:
    its_picture = (PictureRow.collection_id == ExemplarSetRow.collection_id) & (
        PictureRow.number == ExemplarRow.picture
    )
    nothing = (
        PictureRow.thumbnail.is_(None)
        & PictureRow.words.is_(None)
        & (CollectionRow.pictures == str(PicturePolicy.KEEP))
    )
    rows = (
        select(
            NetworkRow.name.label("network"), LayerRow.name.label("layer"), UnitRow.number, ExemplarRow.rank
        )
        .select_from(ExemplarRow)
        .join(UnitRow, UnitRow.id == ExemplarRow.unit_id)
        .join(ExemplarSetRow, ExemplarSetRow.id == UnitRow.set_id)
        .join(CollectionRow, CollectionRow.id == ExemplarSetRow.collection_id)
        .join(LayerRow, LayerRow.id == ExemplarSetRow.layer_id)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
        .outerjoin(PictureRow, its_picture)
        .where(PictureRow.number.is_(None) | nothing)
    )
    count = connection.scalar(select(func.count()).select_from(rows.subquery())) or 0
    named = tuple(
        f"{row.network}/{row.layer}/{row.number}, exemplar {row.rank + 1}"
        for row in connection.execute(rows.limit(_SHOWN))
    )
    return Trouble(TroubleKind.PICTURES, count, named, mendable=False)


def _unfinished(connection: Connection) -> Trouble:
    """Previews, and descriptions that were begun and are the only ones of their exemplars."""
    sets = connection.execute(
        select(
            ExemplarSetRow.provenance,
            LayerRow.name.label("layer"),
            NetworkRow.name.label("network"),
            func.max(VersionRow.turn).label("turn"),
        )
        .join(LayerRow, LayerRow.id == ExemplarSetRow.layer_id)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
        .outerjoin(VersionRow, VersionRow.set_id == ExemplarSetRow.id)
        .group_by(ExemplarSetRow.id, LayerRow.name, NetworkRow.name)
    )
    named = [
        f"{row.network}/{row.layer}: {'a preview' if is_preview else 'words were begun'}"
        for row in sets
        if (is_preview := Provenance(**row.provenance).is_preview) or row.turn == 0
    ]
    return Trouble(TroubleKind.UNFINISHED, len(named), tuple(named[:_SHOWN]), mendable=False)


_QUESTIONS: tuple[Callable[[Connection], Trouble], ...] = (
    _orphaned,
    _unindexed,
    _unused,
    _without_pictures,
    _unfinished,
)
