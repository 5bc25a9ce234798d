"""Versions of descriptions: started, continued, finished; the newest finished one is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from milan.catalog.backends import dialect
from milan.catalog.evaluations import forget_evaluation
from milan.catalog.exemplars import downward_set, shown_set
from milan.catalog.inflection import said_words
from milan.catalog.networks import layer_id
from milan.catalog.pictures import Seen, store_named_pictures
from milan.catalog.tables import (
    VARIABLES_A_STATEMENT,
    CandidateRow,
    DescriptionRow,
    DescriptionWordRow,
    ExemplarSetRow,
    UnitRow,
    VersionRow,
    add_row,
)
from milan.catalog.trust import write_trust
from milan.errors import CatalogError
from milan.records import Description, ShuffledFaithfulness, content_key

__all__ = [
    "described_units",
    "finish_version",
    "forget_words",
    "newest_version",
    "read_shuffled",
    "shown_version",
    "start_version",
    "store_descriptions",
    "store_shuffled",
]


def start_version(
    connection: Connection,
    network: str,
    layer: str,
    settings: dict[str, Any],
    versions: dict[str, str],
    *,
    downward: bool = False,
) -> int:
    """The version of these settings for the layer's newest exemplars: made, or gone on with.

    `downward` describes the lowest activations, which are a set of exemplars of their own.
    """
    found = shown_set(connection, layer_id(connection, network, layer))
    if found is None:
        raise CatalogError(f"the catalog holds no exemplars of {network}/{layer} yet.")
    if downward and (found := downward_set(connection, found.id)) is None:
        raise CatalogError(
            f"the catalog holds no lowest activations of {network}/{layer}: find them with --signed."
        )
    key = content_key(settings)
    same = (VersionRow.set_id == found.id) & (VersionRow.key == key)
    known = connection.scalar(select(VersionRow.id).where(same))
    if known is not None:
        return known
    row = {"set_id": found.id, "key": key, "turn": 0, "settings": settings, "versions": versions}
    return add_row(connection, VersionRow, row)


def store_descriptions(
    connection: Connection,
    version: int,
    descriptions: Sequence[Description],
    seen: Mapping[str, Seen],
) -> None:
    """Store the words for some units; a unit that has words in this version gets the new ones.

    An evaluation of the version is forgotten: it was of other words.
    """
    forget_evaluation(connection, version)
    set_id = _set_of(connection, version)
    collection = select(ExemplarSetRow.collection_id).where(ExemplarSetRow.id == set_id)
    store_named_pictures(connection, connection.scalars(collection).one(), seen)
    of_set = select(UnitRow.number, UnitRow.id).where(UnitRow.set_id == set_id)
    numbers = [description.unit_index for description in descriptions]
    units: dict[int, int] = {}
    for start in range(0, len(numbers), VARIABLES_A_STATEMENT):
        some = numbers[start : start + VARIABLES_A_STATEMENT]
        units |= {row.number: row.id for row in connection.execute(of_set.where(UnitRow.number.in_(some)))}
    strangers = sorted(set(numbers) - set(units))
    if strangers:
        raise CatalogError(f"the layer has no unit {strangers[0]}, so its description cannot be stored.")
    _forget(connection, version, list(units.values()))
    first_id = 1 + (connection.scalar(select(func.max(DescriptionRow.id))) or 0)
    numbered = list(enumerate(descriptions, first_id))
    if not numbered:
        return
    connection.execute(
        insert(DescriptionRow),
        [
            {
                "id": number,
                "version_id": version,
                "unit_id": units[description.unit_index],
                "status": str(description.status),
                "prior_weight": description.lambda_,
                "phrase": description.phrase,
                "faithfulness": description.faithfulness and description.faithfulness.mean.value,
                "trust": write_trust(description),
            }
            for number, description in numbered
        ],
    )
    candidates = [
        {
            "description_id": number,
            "rank": rank,
            "phrase": candidate.phrase,
            "score": candidate.score,
            "log_p_given": candidate.log_p_given,
            "log_p_prior": candidate.log_p_prior,
            "source": candidate.source,
        }
        for number, description in numbered
        for rank, candidate in enumerate(description.candidates)
    ]
    if candidates:
        connection.execute(insert(CandidateRow), candidates)
    words = [
        {"version_id": version, "word": word, "description_id": number}
        for number, description in numbered
        for word in said_words(description.phrase or "")
    ]
    if words:
        connection.execute(insert(DescriptionWordRow), words)
    texts = [{"id": number, **_searchable(description)} for number, description in numbered]
    dialect(connection).words.store(connection, texts)


def store_shuffled(connection: Connection, version: int, shuffled: ShuffledFaithfulness | None) -> None:
    """Keep what a version's phrases are worth given to other units."""
    known = None if shuffled is None else asdict(shuffled)
    connection.execute(update(VersionRow).where(VersionRow.id == version).values(shuffled=known))


def read_shuffled(connection: Connection, version: int) -> ShuffledFaithfulness | None:
    """What a version's phrases are worth given to other units; None where it is not known."""
    known = connection.scalar(select(VersionRow.shuffled).where(VersionRow.id == version))
    return None if known is None else ShuffledFaithfulness(tuple(known["counts"]))


def described_units(connection: Connection, version: int) -> set[int]:
    """Indices of the units that have words in this version."""
    found = select(UnitRow.number).join(DescriptionRow, DescriptionRow.unit_id == UnitRow.id)
    return set(connection.scalars(found.where(DescriptionRow.version_id == version)))


def finish_version(connection: Connection, version: int) -> None:
    """Show this version from now on."""
    of_set = VersionRow.set_id == _set_of(connection, version)
    turn = 1 + (connection.scalar(select(func.max(VersionRow.turn)).where(of_set)) or 0)
    connection.execute(update(VersionRow).where(VersionRow.id == version).values(turn=turn))


def shown_version(connection: Connection, set_id: int) -> int | None:
    """The newest finished version of an exemplar set; the newest begun while none is finished."""
    return connection.scalar(newest_version().where(VersionRow.set_id == set_id))


def newest_version() -> Select[int]:
    """Select the version that is shown, among those of the set that a condition still has to name."""
    return select(VersionRow.id).order_by(VersionRow.turn.desc(), VersionRow.id.desc()).limit(1)


def _set_of(connection: Connection, version: int) -> int:
    found = connection.scalar(select(VersionRow.set_id).where(VersionRow.id == version))
    if found is None:
        raise CatalogError(f"the catalog has no description version {version}.")
    return found


def forget_words(connection: Connection, version: int) -> None:
    """Remove all words of a version."""
    of_version = select(DescriptionRow.unit_id).where(DescriptionRow.version_id == version)
    _forget(connection, version, list(connection.scalars(of_version)))


def _forget(connection: Connection, version: int, units: list[int]) -> None:
    for start in range(0, len(units), VARIABLES_A_STATEMENT):
        some = units[start : start + VARIABLES_A_STATEMENT]
        old = list(
            connection.scalars(
                select(DescriptionRow.id).where(
                    DescriptionRow.version_id == version, DescriptionRow.unit_id.in_(some)
                )
            )
        )
        if old:
            connection.execute(delete(DescriptionRow).where(DescriptionRow.id.in_(old)))
            dialect(connection).words.forget(connection, old)


def _searchable(description: Description) -> dict[str, str]:
    said = description.phrase
    others = [c.phrase for c in description.candidates if c.phrase != said]
    return {"phrase": said or "", "others": "\n".join(others)}
