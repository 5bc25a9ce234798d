"""A layer's units as a list: how many there are of each kind, and a page of those that are wanted.

Exemplars and candidates are not read, so a page costs the same wherever it lies in the list.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, text

from milan.catalog.search import all_words
from milan.catalog.units import ShownLayer, shown_layers
from milan.records import Figure, UnitId, UnitStatus

__all__ = [
    "BANDS",
    "LayerSummary",
    "ListOrder",
    "ListedUnit",
    "TrustBand",
    "UnitList",
    "Wanted",
    "list_units",
    "summarise_layers",
]

TrustBand = Literal["none", "below-0", "0-0.1", "0.1-0.2", "0.2-0.3", "0.3-0.4", "from-0.4"]
"""Ranges of faithfulness, each without its upper end; `none` where nothing is stated."""

BANDS: tuple[TrustBand, ...] = get_args(TrustBand)

ListOrder = Literal["index", "faithful", "doubtful", "words"]
"""By position, most faithful first, least faithful first, or by phrase; ties by position."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a layer's units, in which order, and which page of them."""

    status: UnitStatus | None = None
    band: TrustBand | None = None
    words: str = ""
    """All of them in the description or a candidate; no words, no matter."""
    order: ListOrder = "index"
    page: int = 1
    """From 1; one after the last is empty."""
    page_size: int | None = 48
    """None: all units on one page."""


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit with what is said of it, and nothing that takes long to read."""

    unit: UnitId
    status: UnitStatus
    phrase: str | None
    """The best candidate, said or held back; None without words."""
    faithfulness: Figure | None
    """Correlation of the best candidate with the mean activation; None where nothing is stated."""


@dataclass(frozen=True, slots=True)
class UnitList:
    """A page of a list of units."""

    units: tuple[ListedUnit, ...]
    n_found: int
    """On all pages."""
    statuses: Mapping[UnitStatus, int]
    """How many units of each status there are among those of the wanted words and faithfulness."""
    bands: Mapping[TrustBand, int]
    """How many of each range of faithfulness there are among those of the wanted words and status."""


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """How much of a layer is described, and how faithfully."""

    network: str
    layer: str
    n_units: int
    statuses: Mapping[UnitStatus, int]
    bands: Mapping[TrustBand, int]
    """Of units that are described."""
    faithfulness: float | None
    """Mean over the described units of which it is stated; None without any."""


def summarise_layers(connection: Connection, network: str | None) -> list[LayerSummary]:
    """Count the units of each layer by status and faithfulness; UnknownName for a wrong network."""
    return [_summary(connection, shown) for shown in shown_layers(connection, network, None)]


def list_units(connection: Connection, network: str, layer: str, wanted: Wanted) -> UnitList:
    """Find a page of a layer's units; UnknownName for a layer without exemplars."""
    found = shown_layers(connection, network, layer)
    statuses: Counter[UnitStatus] = Counter()
    bands: Counter[TrustBand] = Counter()
    units: list[ListedUnit] = []
    n_found = 0
    match = all_words(wanted.words)
    for shown in found:
        for row in _counts(connection, shown, match):
            status, band = UnitStatus(row.status), BANDS[row.band]
            fits_status, fits_band = wanted.status in (None, status), wanted.band in (None, band)
            statuses[status] += row.n * fits_band
            bands[band] += row.n * fits_status
            n_found += row.n * fits_status * fits_band
        units += _page(connection, shown, wanted, match)
    return UnitList(tuple(units), n_found, _in_order(statuses, UnitStatus), _in_order(bands, BANDS))


def _summary(connection: Connection, shown: ShownLayer) -> LayerSummary:
    statuses: Counter[UnitStatus] = Counter()
    bands: Counter[TrustBand] = Counter()
    n_stated, total = 0, 0.0
    for row in _counts(connection, shown, ""):
        statuses[UnitStatus(row.status)] += row.n
        if row.status == UnitStatus.DESCRIBED:
            bands[BANDS[row.band]] += row.n
            if row.total is not None:
                n_stated, total = n_stated + row.n, total + row.total
    return LayerSummary(
        shown.network,
        shown.layer,
        statuses.total(),
        _in_order(statuses, UnitStatus),
        _in_order(bands, BANDS),
        total / n_stated if n_stated else None,
    )


def _in_order(counts: Counter[Any], order: Any) -> dict[Any, int]:
    return {kind: counts[kind] for kind in order if counts[kind]}


# The limits of BANDS: one expression counts, the same one chooses.
_BAND = (
    "CASE WHEN d.faithfulness IS NULL THEN 0 WHEN d.faithfulness < 0 THEN 1 WHEN d.faithfulness < 0.1 THEN 2"
    " WHEN d.faithfulness < 0.2 THEN 3 WHEN d.faithfulness < 0.3 THEN 4 WHEN d.faithfulness < 0.4 THEN 5"
    " ELSE 6 END"
)
_STATUS = "coalesce(d.status, u.status)"
_OF_LAYER = (
    " FROM unit u LEFT JOIN description d ON d.unit_id = u.id AND d.version_id = :version"
    " WHERE u.set_id = :exemplars"
)
_WITH_WORDS = " AND d.id IN (SELECT rowid FROM description_text WHERE description_text MATCH :match)"
_ORDERS: Mapping[ListOrder, str] = {
    "index": "u.number",
    "faithful": "d.faithfulness DESC, u.number",
    "doubtful": "d.faithfulness IS NULL, d.faithfulness, u.number",
    "words": "d.phrase IS NULL, d.phrase COLLATE NOCASE, u.number",
}


def _counts(connection: Connection, shown: ShownLayer, match: str) -> Any:
    query = (
        f"SELECT {_STATUS} AS status, {_BAND} AS band, count(*) AS n, sum(d.faithfulness) AS total"
        f"{_OF_LAYER}{_WITH_WORDS if match else ''} GROUP BY 1, 2"
    )
    asked = {"version": shown.version, "exemplars": shown.exemplars.id}
    return connection.execute(text(query), asked | ({"match": match} if match else {}))


def _page(connection: Connection, shown: ShownLayer, wanted: Wanted, match: str) -> list[ListedUnit]:
    size = wanted.page_size
    asked: dict[str, Any] = {
        "version": shown.version,
        "exemplars": shown.exemplars.id,
        "limit": -1 if size is None else size,
        "offset": 0 if size is None else (wanted.page - 1) * size,
    }
    conditions = ""
    for value, name, condition in (
        (match or None, "match", _WITH_WORDS),
        (wanted.status, "status", f" AND {_STATUS} = :status"),
        (wanted.band and BANDS.index(wanted.band), "band", f" AND {_BAND} = :band"),
    ):
        if value is not None:
            conditions += condition
            asked[name] = str(value) if name != "band" else value
    # Only the page's own rows are looked up in the wide tables.
    order = _ORDERS[wanted.order]
    chosen = (
        f"SELECT u.number, {_STATUS} AS status, d.id AS said, row_number() OVER (ORDER BY {order}) AS place"
        f"{_OF_LAYER}{conditions} ORDER BY {order} LIMIT :limit OFFSET :offset"
    )
    query = (
        f"WITH chosen AS ({chosen}) SELECT chosen.number, chosen.status, c.phrase, d.faithfulness,"
        " json_extract(d.trust, '$.faithfulness.mean[1]') AS low,"
        " json_extract(d.trust, '$.faithfulness.mean[2]') AS high"
        " FROM chosen LEFT JOIN description d ON d.id = chosen.said"
        " LEFT JOIN candidate c ON c.description_id = d.id AND c.rank = 0 ORDER BY chosen.place"
    )
    return [
        ListedUnit(
            UnitId(shown.network, shown.layer, row.number),
            UnitStatus(row.status),
            row.phrase,
            None if row.faithfulness is None else Figure(row.faithfulness, row.low, row.high),
        )
        for row in connection.execute(text(query), asked)
    ]
