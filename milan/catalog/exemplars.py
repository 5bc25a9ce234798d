"""Exemplars of a layer: into the tables, and back, sampled activations as near as packing keeps them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, func, insert, select, update

from milan.catalog.networks import layer_id
from milan.catalog.packing import (
    pack_array,
    pack_columns,
    pack_histogram,
    pack_names,
    unpack_array,
    unpack_columns,
    unpack_histogram,
    unpack_names,
)
from milan.catalog.pictures import Seen, paths_of, policy_for, store_pictures
from milan.catalog.tables import (
    CollectionRow,
    ExemplarRow,
    ExemplarSetRow,
    UnitRow,
    add_row,
)
from milan.errors import CatalogError
from milan.records import (
    N_BINS,
    Histogram,
    Histograms,
    LayerExemplars,
    Measured,
    PicturesKept,
    Provenance,
    UnitStatus,
    content_key,
)

__all__ = [
    "SET_COLUMNS",
    "downward_set",
    "rebuild_layer",
    "shown_set",
    "store_layer",
    "unpack_map",
]

Array = np.ndarray[Any, Any]
UNITS_A_STEP = 512
_SAMPLES = [
    column for column in ExemplarSetRow.__table__.c if column.name.startswith(("measured_", "selected_"))
]
SET_COLUMNS = [column for column in ExemplarSetRow.__table__.c if column not in set(_SAMPLES)]
"""What showing units needs: sampled activations are megabytes a layer, and read only where they are used."""


def store_layer(
    connection: Connection,
    network: str,
    exemplars: LayerExemplars,
    provenance: Provenance,
    seen: Mapping[str, Seen],
    kept: PicturesKept | None,
) -> None:
    """Store a layer's exemplars as the ones shown; those already stored under the key are shown again.

    `kept` says how much of the images is kept; None for a text.
    """
    if kept is not None:
        policy_for(connection, kept.policy)
    layer = layer_id(connection, network, exemplars.layer)
    turn = 1 + (
        connection.scalar(select(func.max(ExemplarSetRow.turn)).where(ExemplarSetRow.layer_id == layer)) or 0
    )
    same = (ExemplarSetRow.layer_id == layer) & (ExemplarSetRow.key == provenance.key())
    if connection.execute(update(ExemplarSetRow).where(same).values(turn=turn)).rowcount:
        return
    collection_id = _collection_id(connection, exemplars.paths, provenance, kept)
    shared = {
        "layer_id": layer,
        "collection_id": collection_id,
        "key": provenance.key(),
        "turn": turn,
        "provenance": asdict(provenance),
    }
    set_id = _store_set(connection, exemplars, shared, None)
    if exemplars.downward is not None:
        _store_set(connection, exemplars.downward, shared, set_id)
    held = set(np.unique(exemplars.images).tolist())
    if exemplars.downward is not None:
        held |= set(np.unique(exemplars.downward.images).tolist())
    pictures = {number: exemplars.paths[number] for number in held - {-1}}
    store_pictures(connection, collection_id, pictures, seen)


def shown_set(connection: Connection, layer: int) -> Row[Any] | None:
    """The newest exemplar set of a layer, without its sampled activations, or None."""
    return connection.execute(
        select(*SET_COLUMNS)
        .where(ExemplarSetRow.layer_id == layer, ExemplarSetRow.downward_of.is_(None))
        .order_by(ExemplarSetRow.turn.desc())
        .limit(1)
    ).first()


def downward_set(connection: Connection, set_id: int) -> Row[Any] | None:
    """The set of lowest activations that belongs to an exemplar set, likewise, or None."""
    return connection.execute(select(*SET_COLUMNS).where(ExemplarSetRow.downward_of == set_id)).first()


def rebuild_layer(connection: Connection, network: str, layer: str) -> LayerExemplars:
    """The newest exemplars of a layer as they were stored; CatalogError when there are none."""
    found = shown_set(connection, layer_id(connection, network, layer))
    if found is None:
        raise CatalogError(f"the catalog holds no exemplars of {network}/{layer} yet.")
    paths = tuple(paths_of(connection, found.collection_id))
    below = downward_set(connection, found.id)
    downward = None if below is None else _rebuild_set(connection, layer, below, paths, None)
    return _rebuild_set(connection, layer, found, paths, downward)


def unpack_map(blob: bytes, height: int, width: int) -> Array:
    """A stored float16 map."""
    return unpack_array(blob, "<f2", (height, width))


def _collection_id(
    connection: Connection, paths: Sequence[str], provenance: Provenance, kept: PicturesKept | None
) -> int:
    policy, folder = (None, None) if kept is None else (str(kept.policy), kept.folder)
    key = content_key([provenance.dataset_hash, provenance.preprocessing, list(paths)])
    known = connection.scalar(select(CollectionRow.id).where(CollectionRow.key == key))
    if known is not None:  # the folder may have moved
        connection.execute(update(CollectionRow).where(CollectionRow.id == known).values(folder=folder))
        return known
    row = {"key": key, "paths": pack_names(paths), "pictures": policy, "folder": folder}
    return add_row(connection, CollectionRow, row)


def _store_set(
    connection: Connection, exemplars: LayerExemplars, shared: dict[str, Any], downward_of: int | None
) -> int:
    height, width = exemplars.maps.shape[2:]
    row = shared | {
        "downward_of": downward_of,
        "n_ranks": exemplars.images.shape[1],
        "map_height": height,
        "map_width": width,
        **_sample_row("measured", exemplars.measured),
        **_sample_row("selected", exemplars.selected),
    }
    set_id = add_row(connection, ExemplarSetRow, row)
    first_id = 1 + (connection.scalar(select(func.max(UnitRow.id))) or 0)
    for start in range(0, exemplars.n_units, UNITS_A_STEP):
        units = range(start, min(start + UNITS_A_STEP, exemplars.n_units))
        connection.execute(insert(UnitRow), [_unit(exemplars, unit, first_id, set_id) for unit in units])
        ranks = [rank for unit in units for rank in _exemplars(exemplars, unit, first_id)]
        if ranks:
            connection.execute(insert(ExemplarRow), ranks)
    return set_id


def _unit(exemplars: LayerExemplars, unit: int, first_id: int, set_id: int) -> dict[str, Any]:
    threshold = float(exemplars.thresholds[unit])
    return {
        "id": first_id + unit,
        "set_id": set_id,
        "number": unit,
        "status": str(exemplars.statuses[unit]),
        "threshold": None if math.isnan(threshold) else threshold,
        "histogram": pack_histogram(exemplars.histograms.of_unit(unit) if exemplars.histograms else None),
    }


def _exemplars(exemplars: LayerExemplars, unit: int, first_id: int) -> Iterator[dict[str, Any]]:
    for rank, picture in enumerate(exemplars.images[unit].tolist()):
        if picture < 0:
            return
        yield {
            "unit_id": first_id + unit,
            "rank": rank,
            "picture": picture,
            "peak": float(exemplars.peaks[unit, rank]),
            "scale": float(exemplars.scales[unit, rank]),
            "map": pack_array(exemplars.maps[unit, rank], "<f2"),
        }


def _rebuild_set(
    connection: Connection, layer: str, row: Row[Any], paths: tuple[str, ...], downward: LayerExemplars | None
) -> LayerExemplars:
    units = connection.execute(
        select(UnitRow.id, UnitRow.status, UnitRow.threshold, UnitRow.histogram)
        .where(UnitRow.set_id == row.id)
        .order_by(UnitRow.number)
    ).all()
    ranked = (len(units), row.n_ranks)
    images = np.full(ranked, -1, np.int64)
    peaks = np.full(ranked, -np.inf, np.float32)
    scales = np.zeros(ranked, np.float32)
    maps = np.zeros((*ranked, row.map_height, row.map_width), np.float16)
    place = {unit.id: number for number, unit in enumerate(units)}
    samples = connection.execute(select(*_SAMPLES).where(ExemplarSetRow.id == row.id)).one()
    stored = connection.execute(
        select(ExemplarRow.__table__)
        .join(UnitRow, UnitRow.id == ExemplarRow.unit_id)
        .where(UnitRow.set_id == row.id)
    )
    for exemplar in stored:
        at = place[exemplar.unit_id], exemplar.rank
        images[at], peaks[at], scales[at] = exemplar.picture, exemplar.peak, exemplar.scale
        maps[at] = unpack_map(exemplar.map, row.map_height, row.map_width)
    return LayerExemplars(
        layer=layer,
        paths=paths,
        thresholds=np.array([math.nan if u.threshold is None else u.threshold for u in units], np.float32),
        statuses=tuple(UnitStatus(unit.status) for unit in units),
        images=images,
        peaks=peaks,
        maps=maps,
        scales=scales,
        measured=_sample(samples, "measured", len(units)),
        selected=_sample(samples, "selected", len(units)),
        downward=downward,
        histograms=_histograms([unpack_histogram(unit.histogram) for unit in units]),
    )


def _histograms(units: Sequence[Histogram | None]) -> Histograms | None:
    """Of a layer; None where no unit has one."""
    if not any(units):
        return None
    empty = Histogram(math.inf, -math.inf, (0,) * N_BINS)  # of a unit without a finite activation
    of_units = [one or empty for one in units]
    low, high = (np.array([getattr(one, end) for one in of_units], np.float32) for end in ("low", "high"))
    return Histograms(low, high, np.array([one.counts for one in of_units], np.int64))


def _sample_row(name: str, sample: Measured) -> dict[str, bytes]:
    return {
        f"{name}_images": pack_names(sample.images),
        f"{name}_mean": pack_columns(sample.mean),
        f"{name}_peak": pack_columns(sample.peak),
    }


def _sample(row: Row[Any], name: str, n_units: int) -> Measured:
    stored = row._mapping
    images = unpack_names(stored[f"{name}_images"])
    mean, peak = (unpack_columns(stored[f"{name}_{part}"], len(images), n_units) for part in ("mean", "peak"))
    return Measured(images, mean, peak)
