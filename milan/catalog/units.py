"""Reading units: page by page, so that memory does not grow with the catalog."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, literal, select

from milan.catalog.descriptions import shown_version
from milan.catalog.exemplars import downward_set, unpack_map
from milan.catalog.free_texts import read_free_texts
from milan.catalog.networks import listed
from milan.catalog.packing import unpack_histogram
from milan.catalog.pictures import passage_words, picture_numbers
from milan.catalog.shown import ShownLayer, held_layers, shown_layers
from milan.catalog.studies import read_findings
from milan.catalog.tables import CandidateRow, DescriptionRow, ExemplarRow, PictureRow, UnitRow
from milan.catalog.thumbnails import Reads, StoredPictures, VisiblePictures
from milan.catalog.trust import read_trust
from milan.catalog.unit import Unit
from milan.errors import UnknownName
from milan.records import Candidate, Description, Exemplar, ImageRegion, TextSpan, UnitId, UnitStatus

__all__ = ["read_unit", "read_units"]

UNITS_A_PAGE = 200
LAST = 2**31 - 1  # what every back end counts to


def read_units(reads: Reads, network: str | None, layer: str | None) -> Iterator[Unit]:
    """Units sorted by network, layer order and index, all from one view of the catalog."""
    with reads() as connection:
        for shown in shown_layers(connection, network, layer):
            last = -1
            while True:
                of_set = select(UnitRow.__table__).where(
                    UnitRow.set_id == shown.exemplars.id, UnitRow.number > last
                )
                page = connection.execute(of_set.order_by(UnitRow.number).limit(UNITS_A_PAGE)).all()
                if not page:
                    break
                yield from _assemble(connection, reads, shown, page)
                last = page[-1].number


def read_unit(reads: Reads, unit: UnitId) -> Unit:
    """One unit; UnknownName with the nearest network or layer, or the range of indices."""
    with reads() as connection:
        shown = shown_layers(connection, unit.network, unit.layer)
        of_set = select(UnitRow.__table__).where(UnitRow.set_id == (shown[0].exemplars.id if shown else None))
        found = connection.execute(of_set.where(UnitRow.number == min(unit.index, LAST))).all()
        if found:
            return next(_assemble(connection, reads, shown[0], found))
        last = connection.scalar(
            of_set.with_only_columns(UnitRow.number).order_by(UnitRow.number.desc()).limit(1)
        )
        held = held_layers(connection, unit.network)
    there_is = (
        f"The catalog holds no unit of this layer yet; it has exemplars of: {listed(held)}."
        if last is None
        else f"The layer's units are 0 to {last}."
    )
    raise UnknownName("unit", str(unit), [], there_is)


def _assemble(
    connection: Connection, reads: Reads, shown: ShownLayer, page: Sequence[Row[Any]]
) -> Iterator[Unit]:
    numbers = [row.number for row in page]
    words = _descriptions(connection, shown.version, numbers)
    upward = _ranked(connection, shown.exemplars, numbers)
    below = downward_set(connection, shown.exemplars.id)
    downward = _ranked(connection, below, numbers) if below else {}
    of_lowest = _descriptions(connection, shown_version(connection, below.id), numbers) if below else {}
    written = read_free_texts(connection, shown.exemplars.id, numbers)
    of_lowest_written = read_free_texts(connection, below.id, numbers) if below else {}
    named = {path for said in (*words.values(), *of_lowest.values()) for path in _named(said)}
    against = picture_numbers(connection, shown.exemplars.collection_id, named)
    spoken = passage_words(connection, shown.exemplars.collection_id, against)
    collection = shown.exemplars.collection_id
    findings = read_findings(connection, shown.exemplars.layer_id, numbers)
    for row in page:
        up, down = upward.get(row.number, []), downward.get(row.number, [])
        description, lowest = words.get(row.number), of_lowest.get(row.number)
        pictures = {found.path: (collection, found.picture) for found in (*up, *down)}
        speak_against = (_named(description) | _named(lowest)) & against.keys()
        pictures |= {path: (collection, against[path]) for path in speak_against}
        yield Unit(
            id=UnitId(shown.network, shown.layer, row.number),
            status=description.status if description else UnitStatus(row.status),
            threshold=_number(row.threshold),
            description=description,
            exemplars=tuple(_exemplar(found, 1) for found in up),
            downward=tuple(_exemplar(found, -1) for found in down),
            thumbnails=StoredPictures(reads, pictures),
            pictures=VisiblePictures(reads, pictures, shown.exemplars.provenance.get("preprocessing", {})),
            passages={path: spoken[path] for path in speak_against & spoken.keys()},
            downward_description=lowest,
            free_text=written.get(row.number),
            downward_free_text=of_lowest_written.get(row.number),
            findings=findings.get(row.number, ()),
            histogram=unpack_histogram(row.histogram),
        )


def _named(description: Description | None) -> set[str]:
    """Images that speak against a description."""
    return {counter.image for counter in description.counter_exemplars} if description else set()


def _ranked(connection: Connection, exemplars: Row[Any], numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Exemplar rows by unit number, strongest first."""
    rows = connection.execute(
        select(
            UnitRow.number,
            UnitRow.threshold,
            ExemplarRow.__table__,
            PictureRow.path,
            PictureRow.words,
            literal(exemplars.map_height).label("map_height"),
            literal(exemplars.map_width).label("map_width"),
        )
        .join(ExemplarRow, ExemplarRow.unit_id == UnitRow.id)
        .join(PictureRow, PictureRow.number == ExemplarRow.picture)
        .where(
            UnitRow.set_id == exemplars.id,
            UnitRow.number.between(numbers[0], numbers[-1]),
            PictureRow.collection_id == exemplars.collection_id,
        )
        .order_by(UnitRow.number, ExemplarRow.rank)
    )
    return {number: list(found) for number, found in groupby(rows, key=lambda row: row.number)}


def _exemplar(row: Row[Any], sign: int) -> Exemplar:
    stored = unpack_map(row.map, row.map_height, row.map_width).astype("float32") * row.scale
    threshold = _number(row.threshold)
    if row.words is None:
        return Exemplar(ImageRegion(row.path, stored, threshold), row.rank, sign * row.peak)
    words = tuple(row.words)
    span = TextSpan(row.path, words, stored[0, : len(words)], threshold, negated=sign < 0)
    return Exemplar(span, row.rank, sign * row.peak)


def _descriptions(
    connection: Connection, version: int | None, numbers: Sequence[int]
) -> dict[int, Description]:
    """Descriptions by unit number."""
    if version is None:
        return {}
    found = connection.execute(
        select(DescriptionRow.__table__, UnitRow.number)
        .join(UnitRow, UnitRow.id == DescriptionRow.unit_id)
        .where(DescriptionRow.version_id == version, UnitRow.number.between(numbers[0], numbers[-1]))
    ).all()
    lines = connection.execute(
        select(CandidateRow.__table__)
        .where(CandidateRow.description_id.in_([row.id for row in found]))
        .order_by(CandidateRow.description_id, CandidateRow.rank)
    )
    candidates = {
        description: tuple(
            Candidate(line.phrase, line.score, line.log_p_given, line.log_p_prior, line.source)
            for line in group
        )
        for description, group in groupby(lines, key=lambda line: line.description_id)
    }
    return {
        row.number: Description(
            row.number,
            UnitStatus(row.status),
            row.prior_weight,
            candidates.get(row.id, ()),
            **read_trust(row.trust),
        )
        for row in found
    }


def _number(stored: float | None) -> float:
    return math.nan if stored is None else stored
