"""What all units are said to respond to, as columns: read at once, without exemplars."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64
from sqlalchemy import Connection, select, text

from milan.catalog.descriptions import read_shuffled
from milan.catalog.inflection import lemmas
from milan.catalog.meanings import unit_length
from milan.catalog.shown import ShownLayer, shown_layers
from milan.catalog.tables import PhraseVectorRow
from milan.catalog.trust import interval
from milan.records import ShuffledFaithfulness, UnitId, UnitStatus

__all__ = ["SaidLayer", "SaidUnits", "read_said"]


@dataclass(frozen=True, slots=True)
class SaidLayer:
    """A layer whose units are among those read."""

    network: str
    name: str
    shuffled: ShuffledFaithfulness | None
    """What its phrases are worth given to other units; None where that is not known."""

    def __str__(self) -> str:
        return f"{self.network}/{self.name}"


@dataclass(frozen=True, eq=False)
class SaidUnits:
    """All units of some layers, as columns of equal length; by network, layer order and index."""

    layers: tuple[SaidLayer, ...]
    layer: Int64[np.ndarray, " unit"]
    """Place among `layers`."""
    index: Int64[np.ndarray, " unit"]
    """Position on the layer's unit axis."""
    statuses: tuple[UnitStatus, ...]
    phrases: tuple[str, ...]
    """Different best candidates of all units, sorted."""
    phrase: Int64[np.ndarray, " unit"]
    """Place of a unit's best candidate among `phrases`, said or held back; -1 without words."""
    faithfulness: Float64[np.ndarray, "unit bound"]
    """Correlation of the best candidate with the mean activation, and its 95 % interval's ends; not-a-number
    where nothing is stated.
    """
    vectors: Float32[np.ndarray, "phrase dim"] = field(repr=False)
    """Of each of `phrases`, of length 1; zeros where none is stored. No columns when none is."""

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def is_said(self) -> Bool[np.ndarray, " unit"]:
        """Whether the best candidate is said."""
        return np.array([status is UnitStatus.DESCRIBED for status in self.statuses], bool)

    @cached_property
    def lemmas(self) -> tuple[tuple[str, ...], ...]:
        """Words of each of `phrases`, as they are compared."""
        return tuple(lemmas(phrase) for phrase in self.phrases)

    @cached_property
    def saying(self) -> dict[str, tuple[int, ...]]:
        """Which of `phrases` hold a word."""
        found: dict[str, list[int]] = {}
        for place, words in enumerate(self.lemmas):
            for word in set(words):
                found.setdefault(word, []).append(place)
        return {word: tuple(places) for word, places in found.items()}

    def unit(self, row: int) -> UnitId:
        """The address of one unit."""
        layer = self.layers[int(self.layer[row])]
        return UnitId(layer.network, layer.name, int(self.index[row]))


def read_said(connection: Connection, network: str | None, layer: str | None, encoder: str) -> SaidUnits:
    """Read the shown descriptions of some layers."""
    shown = shown_layers(connection, network, layer)
    seen: dict[str, int] = {}
    parts = [_read_layer(connection, one, seen) for one in shown]
    phrases = sorted(seen)
    place = np.full(len(seen) + 1, -1)  # the last is that of units without words
    place[[seen[phrase] for phrase in phrases]] = np.arange(len(phrases))
    nothing = _Columns(np.zeros(0, np.int64), (), np.zeros(0, np.int64), np.zeros((0, 3)))
    said = SaidUnits(
        layers=tuple(
            SaidLayer(
                one.network,
                one.layer,
                None if one.version is None else read_shuffled(connection, one.version),
            )
            for one in shown
        ),
        layer=np.repeat(np.arange(len(shown)), [len(part.number) for part in parts]).astype(np.int64),
        index=np.concatenate([part.number for part in (nothing, *parts)]),
        statuses=tuple(chain.from_iterable(part.statuses for part in parts)),
        phrases=tuple(phrases),
        phrase=place[np.concatenate([part.phrase for part in (nothing, *parts)])],
        faithfulness=np.concatenate([part.faithfulness for part in (nothing, *parts)]),
        vectors=_vectors(connection, phrases, encoder),
    )
    _ = said.saying  # words are split while reading, not when the first question comes
    return said


class _Columns(NamedTuple):
    """One layer's units: a million rows as Python's own objects would take a gigabyte."""

    number: Int64[np.ndarray, " unit"]
    statuses: tuple[UnitStatus, ...]
    phrase: Int64[np.ndarray, " unit"]
    """Turn in which it was first seen; -1 without words."""
    faithfulness: Float64[np.ndarray, "unit bound"]


def _read_layer(connection: Connection, shown: ShownLayer, seen: dict[str, int]) -> _Columns:
    """Read a layer's units, and note phrases that were not seen before."""
    rows = _rows(connection, shown)
    for row in rows:
        if row.phrase is not None:
            seen.setdefault(row.phrase, len(seen))
    bounds = [(row.faithfulness, row.low, row.high) for row in rows]
    return _Columns(
        np.array([row.number for row in rows], np.int64),
        tuple(_STATUSES[row.status] for row in rows),
        np.array([-1 if row.phrase is None else seen[row.phrase] for row in rows], np.int64),
        np.array(bounds, np.float64).reshape(len(rows), 3),
    )


_STATUSES = {str(status): status for status in UnitStatus}


def _rows(connection: Connection, shown: ShownLayer) -> Sequence[Any]:
    said = text(
        "SELECT u.number, coalesce(d.status, u.status) AS status, c.phrase, d.faithfulness,"
        f" {interval(connection)}"
        " FROM unit u LEFT JOIN description d ON d.unit_id = u.id AND d.version_id = :version"
        " LEFT JOIN candidate c ON c.description_id = d.id AND c.rank = 0"
        " WHERE u.set_id = :exemplars ORDER BY u.number"
    )
    return connection.execute(said, {"version": shown.version, "exemplars": shown.exemplars.id}).all()


def _vectors(
    connection: Connection, phrases: Sequence[str], encoder: str
) -> Float32[np.ndarray, "phrase dim"]:
    place = {phrase: at for at, phrase in enumerate(phrases)}
    stored = connection.execute(
        select(PhraseVectorRow.phrase, PhraseVectorRow.vector).where(PhraseVectorRow.encoder == encoder)
    )
    found = [(place[row.phrase], row.vector) for row in stored if row.phrase in place]
    if not found:
        return np.zeros((len(phrases), 0), np.float32)
    known = np.frombuffer(b"".join(vector for _, vector in found), "<f2").reshape(len(found), -1)
    vectors = np.zeros((len(phrases), known.shape[1]), np.float32)
    vectors[[at for at, _ in found]] = unit_length(known)
    return vectors
