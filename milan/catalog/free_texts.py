"""What language models write of text units: kept by unit, so that describing anew leaves it in place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from milan.catalog.exemplars import downward_set, shown_set
from milan.catalog.networks import layer_id
from milan.catalog.tables import FreeTextRow, UnitRow
from milan.errors import CatalogError
from milan.records import Candidate, Figure, FreeText, TextScores

__all__ = ["layer_free_texts", "read_free_texts", "store_free_text"]


def store_free_text(
    connection: Connection, network: str, layer: str, written: FreeText, *, downward: bool
) -> None:
    """Keep one unit's, instead of an earlier one; CatalogError for an end that has no exemplars."""
    set_id = _set_of(connection, network, layer, downward)
    of_unit = (UnitRow.set_id == set_id) & (UnitRow.number == written.unit_index)
    unit = connection.scalar(select(UnitRow.id).where(of_unit))
    if set_id is None or unit is None:
        raise CatalogError(f"the catalog holds no exemplars of {network}/{layer}/{written.unit_index}.")
    connection.execute(delete(FreeTextRow).where(FreeTextRow.unit_id == unit))
    content = asdict(written)
    connection.execute(insert(FreeTextRow).values(unit_id=unit, key=content.pop("key"), content=content))


def layer_free_texts(
    connection: Connection, network: str, layer: str, *, downward: bool
) -> dict[int, FreeText]:
    """All of a layer's newest exemplars, by unit index."""
    set_id = _set_of(connection, network, layer, downward)
    return {} if set_id is None else _read(connection, UnitRow.set_id == set_id)


def read_free_texts(connection: Connection, set_id: int, numbers: Sequence[int]) -> dict[int, FreeText]:
    """Those of some units, ascending, of one exemplar set."""
    between = UnitRow.number.between(numbers[0], numbers[-1])
    return _read(connection, (UnitRow.set_id == set_id) & between)


def _set_of(connection: Connection, network: str, layer: str, downward: bool) -> int | None:
    found = shown_set(connection, layer_id(connection, network, layer))
    if found is not None and downward:
        found = downward_set(connection, found.id)
    return None if found is None else found.id


def _read(connection: Connection, condition: Any) -> dict[int, FreeText]:
    query = select(FreeTextRow.key, FreeTextRow.content).join(UnitRow, UnitRow.id == FreeTextRow.unit_id)
    found = (_free_text(row.key, row.content) for row in connection.execute(query.where(condition)))
    return {own.unit_index: own for own in found}


def _free_text(key: str, content: Mapping[str, Any]) -> FreeText:
    return FreeText(
        **{
            **content,
            "key": key,
            "candidates": tuple(Candidate(**one) for one in content["candidates"]),
            "scores": _scores(content["scores"]),
            "shuffled": _scores(content["shuffled"]),
            "description": _figure(content["description"]),
        }
    )


def _scores(stored: Mapping[str, Any] | None) -> TextScores | None:
    return None if stored is None else TextScores(**{name: Figure(*own) for name, own in stored.items()})


def _figure(stored: Sequence[float] | None) -> Figure | None:
    return None if stored is None else Figure(*stored)
