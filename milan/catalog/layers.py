"""Layers of a catalog, what made their exemplars, and the versions of their descriptions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from milan.catalog.shown import shown_layers
from milan.catalog.tables import CandidateRow, DescriptionRow, UnitRow, VersionRow
from milan.records import Provenance

__all__ = ["DescriptionVersion", "KeptLayer", "best_phrases", "kept_layers"]


@dataclass(frozen=True, slots=True)
class DescriptionVersion:
    """One way in which a layer was described."""

    number: int
    settings: dict[str, Any]
    """What makes it a version of its own: how phrases are ranked, who speaks, who measures."""
    versions: dict[str, str]
    """Packages whose arithmetic took part."""

    @property
    def is_of_text(self) -> bool:
        """Whether it describes units by the words of a text, and not by images."""
        return "tags" in self.settings.get("voice", {})


@dataclass(frozen=True, slots=True)
class KeptLayer:
    """A layer that the catalog has exemplars of."""

    network: str
    name: str
    provenance: Provenance
    """Of the exemplars shown."""
    versions: tuple[DescriptionVersion, ...]
    """Descriptions of those exemplars; the version shown comes first."""
    n_units: int

    def __str__(self) -> str:
        return f"{self.network}/{self.name}"

    def _repr_html_(self) -> str:
        """What a notebook shows: what made its exemplars."""
        from milan.catalog.notebook import layer_html

        return layer_html(self)


def kept_layers(connection: Connection, network: str | None, layer: str | None) -> list[KeptLayer]:
    """Layers by network name, then position; UnknownName for a wrong name."""
    return [
        KeptLayer(
            shown.network,
            shown.layer,
            Provenance(**shown.exemplars.provenance),
            tuple(_versions(connection, shown.exemplars.id)),
            _n_units(connection, shown.exemplars.id),
        )
        for shown in shown_layers(connection, network, layer)
    ]


def best_phrases(connection: Connection, version: int) -> dict[int, str]:
    """The best candidate of each unit that a version has words for, said or held back."""
    rows = connection.execute(
        select(UnitRow.number, CandidateRow.phrase)
        .join(DescriptionRow, DescriptionRow.unit_id == UnitRow.id)
        .join(CandidateRow, CandidateRow.description_id == DescriptionRow.id)
        .where(DescriptionRow.version_id == version, CandidateRow.rank == 0)
        .order_by(UnitRow.number)
    )
    return {row.number: row.phrase for row in rows}


def _n_units(connection: Connection, set_id: int) -> int:
    last = connection.scalar(select(func.max(UnitRow.number)).where(UnitRow.set_id == set_id))
    return 0 if last is None else last + 1


def _versions(connection: Connection, set_id: int) -> list[DescriptionVersion]:
    rows = connection.execute(
        select(VersionRow.id, VersionRow.settings, VersionRow.versions)
        .where(VersionRow.set_id == set_id)
        .order_by(VersionRow.turn.desc(), VersionRow.id.desc())  # as `shown_version` chooses
    )
    return [DescriptionVersion(row.id, row.settings, row.versions) for row in rows]
