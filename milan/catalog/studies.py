"""Figures that studies found of units: kept by a unit's address, so that they outlive exemplars."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from milan.catalog.networks import layer_id
from milan.catalog.tables import FindingRow, StudyRow, add_row
from milan.errors import UnknownName
from milan.records import Figure, Finding, Study, StudyKind, UnitId

__all__ = ["read_findings", "store_study"]

ROWS_A_STEP = 2000


def store_study(
    connection: Connection,
    network: str,
    study: Study,
    layers: Sequence[str],
    findings: Iterable[tuple[UnitId, Finding]],
) -> int:
    """Replace what the study's kind and subject found of these layers; how many figures are kept.

    Of a unit the first finding is the most telling one. What is not finite was not measured, and is left
    out. UnknownName for a layer that there is not.
    """
    studies = {layer: _renew(connection, layer_id(connection, network, layer), study) for layer in layers}
    places: Counter[UnitId] = Counter()
    n_kept = 0

    def rows() -> Iterable[dict[str, Any]]:
        for unit, found in findings:
            if unit.layer not in studies:
                raise UnknownName("layer", unit.layer, studies, f"The study is of: {', '.join(studies)}.")
            if math.isfinite(found.value):
                places[unit] += 1
                yield _row(studies[unit.layer], unit.index, places[unit] - 1, found)

    left = iter(rows())
    while some := list(islice(left, ROWS_A_STEP)):
        connection.execute(insert(FindingRow), some)
        n_kept += len(some)
    return n_kept


def read_findings(
    connection: Connection, layer: int, numbers: Sequence[int]
) -> dict[int, tuple[Finding, ...]]:
    """Findings of a layer's units from the first to the last of `numbers`: by kind, subject and place."""
    rows = connection.execute(
        select(FindingRow.__table__, StudyRow.kind, StudyRow.subject, StudyRow.settings, StudyRow.figures)
        .join(StudyRow, StudyRow.id == FindingRow.study_id)
        .where(StudyRow.layer_id == layer, FindingRow.number.between(numbers[0], numbers[-1]))
        .order_by(StudyRow.kind, StudyRow.subject, FindingRow.number, FindingRow.place)
    )
    studies: dict[int, Study] = {}
    found: dict[int, list[Finding]] = {}
    for row in rows:
        if row.study_id not in studies:
            figures = {name: Figure(*bounds) for name, bounds in row.figures.items()}
            studies[row.study_id] = Study(StudyKind(row.kind), row.subject, row.settings, figures)
        finding = Finding(
            studies[row.study_id],
            row.about,
            row.measure,
            row.value,
            row.n,
            row.low,
            row.high,
            row.by_chance,
        )
        found.setdefault(row.number, []).append(finding)
    return {number: tuple(own) for number, own in found.items()}


def _renew(connection: Connection, layer: int, study: Study) -> int:
    known = (
        (StudyRow.layer_id == layer)
        & (StudyRow.kind == str(study.kind))
        & (StudyRow.subject == study.subject)
    )
    connection.execute(delete(StudyRow).where(known))  # its findings go with it
    row = {
        "layer_id": layer,
        "kind": str(study.kind),
        "subject": study.subject,
        "settings": study.settings,
        "figures": {
            name: list(figure) for name, figure in study.figures.items() if all(map(math.isfinite, figure))
        },
    }
    return add_row(connection, StudyRow, row)


def _row(study: int, number: int, place: int, found: Finding) -> dict[str, Any]:
    return {
        "study_id": study,
        "number": number,
        "place": place,
        "about": found.about,
        "measure": found.measure,
        "value": float(found.value),
        "n": int(found.n),
        **{name: _finite(getattr(found, name)) for name in ("low", "high", "by_chance")},
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
