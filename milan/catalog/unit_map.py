"""All described units on a plane: those that are said to respond to the like lie close to each other.

Phrases are placed by the two directions in which their vectors differ most (principal components). Along
each axis only their order is kept: each column and each row of the plane holds as many phrases as the next. A
window is cut into cells, and of each cell one unit is shown and all are counted: to a reader a map of a
million units is no larger than one of a hundred.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, Int64
from sqlalchemy import Connection, select, text

from milan.catalog.layers import KeptLayer, kept_layers
from milan.catalog.meanings import unit_length
from milan.catalog.tables import PhraseVectorRow
from milan.records import UnitId

__all__ = ["Cell", "MapView", "UnitMap", "Window", "read_map"]

COLUMNS, ROWS = 12, 8
VECTORS_A_PART = 4096


class Window(NamedTuple):
    """A part of the plane, which reaches from 0 to 1 both ways."""

    x: float = 0.5
    """Of its centre, from the left."""
    y: float = 0.5
    """Of its centre, from above."""
    zoom: float = 1.0
    """How many times the window goes into the plane, each way."""

    @property
    def left(self) -> float:
        """Where it begins; within the plane."""
        return min(max(self.x - 0.5 / self.zoom, 0.0), 1 - 1 / self.zoom)

    @property
    def top(self) -> float:
        """Where it begins; within the plane."""
        return min(max(self.y - 0.5 / self.zoom, 0.0), 1 - 1 / self.zoom)


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the fields that a window is cut into, with at least one unit."""

    column: int
    row: int
    n_units: int
    n_phrases: int
    """Different things that its units are said to respond to."""
    unit: UnitId
    """The most faithfully described of them."""
    phrase: str
    faithfulness: float | None
    is_of_text: bool
    window: Window
    """The cell as a window of its own."""


class MapView(NamedTuple):
    """What a window shows."""

    cells: tuple[Cell, ...]
    """Row by row."""
    n_units: int
    """Of the wanted layers within the window."""


@dataclass(frozen=True, slots=True, eq=False)
class UnitMap:
    """Described units, as columns of equal length, and where each phrase lies."""

    layers: tuple[KeptLayer, ...]
    layer: Int32[np.ndarray, " unit"]
    number: Int32[np.ndarray, " unit"]
    phrase: Int32[np.ndarray, " unit"]
    faithfulness: Float32[np.ndarray, " unit"]
    """Not-a-number where nothing is stated."""
    phrases: tuple[str, ...]
    places: Float32[np.ndarray, "phrase 2"]
    """From 0 to 1; not-a-number for a phrase without a vector, which no window shows."""

    def view(self, window: Window, network: str | None = None, layer: str | None = None) -> MapView:
        """What a window shows of a network's or a layer's units."""
        places = self.places[self.phrase]
        cell = np.floor((places - (window.left, window.top)) * window.zoom * (COLUMNS, ROWS))
        inside = self._of(network, layer) & ((cell >= 0) & (cell < (COLUMNS, ROWS))).all(axis=1)
        units = np.flatnonzero(inside)
        if not len(units):
            return MapView((), 0)
        column, row = cell[units].astype(np.int64).T
        stated = np.nan_to_num(self.faithfulness[units], nan=-2)
        order = np.lexsort((units, -stated, row * COLUMNS + column))
        units, at = units[order], (row * COLUMNS + column)[order]
        starts = np.flatnonzero(np.diff(at, prepend=-1))
        ends = np.append(starts[1:], len(units))
        cells = [
            self._cell(int(at[start]), units[start:end], window)
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        return MapView(tuple(cells), len(units))

    def _of(self, network: str | None, layer: str | None) -> Bool[np.ndarray, " unit"]:
        wanted = [network in (None, own.network) and layer in (None, own.name) for own in self.layers]
        chosen: Bool[np.ndarray, " unit"] = np.array(wanted, bool)[self.layer]
        return chosen

    def _cell(self, at: int, units: Int64[np.ndarray, " some"], window: Window) -> Cell:
        row, column = divmod(at, COLUMNS)
        best = int(units[0])
        layer, stated = self.layers[int(self.layer[best])], float(self.faithfulness[best])
        return Cell(
            column,
            row,
            len(units),
            len(np.unique(self.phrase[units])),
            UnitId(layer.network, layer.name, int(self.number[best])),
            self.phrases[int(self.phrase[best])],
            None if np.isnan(stated) else stated,
            layer.versions[0].is_of_text,
            Window(
                round(window.left + (column + 0.5) / COLUMNS / window.zoom, 6),
                round(window.top + (row + 0.5) / ROWS / window.zoom, 6),
                window.zoom * 4,
            ),
        )


_SAID = text(
    "SELECT u.number, d.phrase, d.faithfulness FROM description d JOIN unit u ON u.id = d.unit_id"
    " WHERE d.version_id = :version AND d.phrase IS NOT NULL ORDER BY u.number"
)


def read_map(connection: Connection, encoder: str) -> UnitMap:
    """Place all units of which something is said."""
    layers = tuple(layer for layer in kept_layers(connection, None, None) if layer.versions)
    known: dict[str, int] = {}
    parts = []
    for place, layer in enumerate(layers):
        rows = connection.execute(_SAID, {"version": layer.versions[0].number})
        columns = [
            (place, row.number, known.setdefault(row.phrase, len(known)), row.faithfulness) for row in rows
        ]
        parts.append(np.array(columns, np.float64).reshape(-1, 4))  # None becomes not-a-number
    together = np.concatenate(parts) if parts else np.zeros((0, 4))
    layer_of, number, phrase = (column.astype(np.int32) for column in together.T[:3])
    phrases = tuple(known)
    return UnitMap(
        layers,
        layer_of,
        number,
        phrase,
        together[:, 3].astype(np.float32),
        phrases,
        _places(connection, phrases, encoder),
    )


def _places(connection: Connection, phrases: Sequence[str], encoder: str) -> Float32[np.ndarray, "phrase 2"]:
    """Order along the two directions of most difference; a direction points to its longest component.

    Vectors are read twice, some at a time: a million of them would take gigabytes.
    """
    places = np.full((len(phrases), 2), np.nan, np.float32)
    total, squares, n = np.zeros(1), np.zeros((1, 1)), 0
    for at, vectors in _vectors(connection, phrases, encoder):
        total, squares, n = total + vectors.sum(axis=0), squares + vectors.T @ vectors, n + len(at)
    if not n:
        return places
    mean = total / n
    _, directions = np.linalg.eigh(squares - n * np.outer(mean, mean))
    chosen = directions[:, -1 : -1 - min(2, directions.shape[1]) : -1]
    signs = np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(chosen.shape[1])])
    parts = _vectors(connection, phrases, encoder)
    found = [(at, (vectors - mean) @ (chosen * signs)) for at, vectors in parts]
    places[np.concatenate([at for at, _ in found])] = _spread(np.concatenate([along for _, along in found]))
    return places


def _spread(along: Float64[np.ndarray, "phrase axis"]) -> Float32[np.ndarray, "phrase 2"]:
    """Keep the order along one axis or two, evenly; without a second axis all lie in the middle of it."""
    order = np.argsort(np.argsort(along, axis=0, kind="stable"), axis=0)
    spread = np.full((len(along), 2), 0.5, np.float32)
    spread[:, : along.shape[1]] = (order + 0.5) / len(along)
    return spread


def _vectors(
    connection: Connection, phrases: Sequence[str], encoder: str
) -> Iterator[tuple[Int64[np.ndarray, " some"], Float64[np.ndarray, "some dim"]]]:
    """Places of phrases that have vectors, with these, of length 1; in the order of the phrases' letters."""
    place = {phrase: at for at, phrase in enumerate(phrases)}
    wanted = (
        select(PhraseVectorRow.phrase, PhraseVectorRow.vector)
        .where(PhraseVectorRow.encoder == encoder)
        .order_by(PhraseVectorRow.phrase)
    )
    stored = connection.execute(wanted, execution_options={"yield_per": VECTORS_A_PART})
    for rows in stored.partitions():
        known = [row for row in rows if row.phrase in place]
        if known:
            vectors = unit_length(np.stack([np.frombuffer(row.vector, "<f2") for row in known]))
            yield np.array([place[row.phrase] for row in known]), vectors.astype(np.float64)
