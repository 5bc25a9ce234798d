"""People's words and votes: kept by a unit's address, so that they outlive exemplars and descriptions."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, Select, insert, select

from milan.catalog.networks import layer_id
from milan.catalog.tables import LayerRow, NetworkRow, OpinionRow
from milan.records import Figure, Opinion, UnitId
from milan.statistics import Votes, average, krippendorff_alpha

__all__ = ["AgreementOfPeople", "agreement_of_people", "read_opinions", "store_opinion"]


@dataclass(frozen=True, slots=True)
class AgreementOfPeople:
    """How far people agree with the machine's words, and with one another.

    Of somebody's votes on the same words of a unit the newest counts.
    """

    n_votes: int
    n_units: int
    """Units that anybody voted on."""
    fits: Figure | None
    """Share of people for whom the words fit, averaged over units, with its interval over units."""
    alpha: Figure | None
    """Krippendorff's alpha; None where too few units have two votes."""


def store_opinion(connection: Connection, opinion: Opinion) -> None:
    """Keep an opinion; UnknownName for a layer that there is not."""
    row = {
        "layer_id": layer_id(connection, opinion.unit.network, opinion.unit.layer),
        "number": opinion.unit.index,
        "author": opinion.author,
        "written": opinion.written,
        "about": opinion.about,
        "fits": opinion.fits,
        "words": opinion.words,
    }
    connection.execute(insert(OpinionRow), row)


def read_opinions(connection: Connection, unit: UnitId | None, limit: int | None) -> list[Opinion]:
    """Opinions of one unit or of all, newest first."""
    query = _opinions().order_by(OpinionRow.id.desc())
    if unit is not None:
        query = query.where(
            OpinionRow.layer_id == layer_id(connection, unit.network, unit.layer),
            OpinionRow.number == unit.index,
        )
    if limit is not None:
        query = query.limit(limit)
    return [
        Opinion(
            UnitId(row.network, row.layer, row.number),
            row.author,
            row.written,
            row.fits,
            row.about,
            row.words,
        )
        for row in connection.execute(query)
    ]


def agreement_of_people(connection: Connection) -> AgreementOfPeople:
    """Count all votes of the catalog."""

    newest: dict[tuple[int, int, str, str], bool] = {}
    voted = _opinions().where(OpinionRow.fits.is_not(None)).order_by(OpinionRow.id)
    for row in connection.execute(voted):
        newest[row.layer_id, row.number, row.about, row.author] = row.fits
    counts: Counter[tuple[int, int, str, bool]] = Counter()
    for (layer, number, about, _), fits in newest.items():
        counts[layer, number, about, fits] += 1
    judged = dict.fromkeys(key[:3] for key in counts)
    votes = [Votes(counts[*thing, True], counts[*thing, False]) for thing in judged]
    shares = [found.yes / sum(found) for found in votes]
    return AgreementOfPeople(
        n_votes=len(newest),
        n_units=len({thing[:2] for thing in judged}),
        fits=average(shares) if shares else None,
        alpha=krippendorff_alpha(votes),
    )


def _opinions() -> Select[int, int, str, str, str | None, bool | None, str | None, str, str]:
    return (
        select(
            OpinionRow.layer_id,
            OpinionRow.number,
            OpinionRow.author,
            OpinionRow.written,
            OpinionRow.about,
            OpinionRow.fits,
            OpinionRow.words,
            LayerRow.name.label("layer"),
            NetworkRow.name.label("network"),
        )
        .join(LayerRow, LayerRow.id == OpinionRow.layer_id)
        .join(NetworkRow, NetworkRow.id == LayerRow.network_id)
    )
