"""A layer's units as a list: how many there are of each kind, and a page of those that are wanted.

Exemplars and candidates are not read, so a page costs the same wherever it lies in the list.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from milan.catalog.backends import dialect
from milan.catalog.facets import count_concepts, count_kinds
from milan.catalog.shown import ShownLayer, shown_layers
from milan.catalog.trust import interval
from milan.catalog.wanted import BANDS, Chosen, ListOrder, TrustBand, Wanted, by_concept, by_kind, by_words
from milan.records import Figure, UnitId, UnitStatus

__all__ = ["LayerSummary", "ListedUnit", "UnitList", "list_units", "summarise_layers"]


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
    concepts: Mapping[str, int]
    """How many descriptions hold each of the words that most hold, among all that is wanted else."""


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
    concepts: Counter[str] = Counter()
    units: list[ListedUnit] = []
    n_found = 0
    for shown in found:
        matching = by_words(connection, shown, wanted)
        worded = matching & by_concept(wanted)
        for row in count_kinds(connection, shown, worded):
            status, band = UnitStatus(row.status), BANDS[row.band]
            fits_status, fits_band = wanted.status in (None, status), wanted.band in (None, band)
            statuses[status] += row.n * fits_band
            bands[band] += row.n * fits_status
            n_found += row.n * fits_status * fits_band
        concepts.update(count_concepts(connection, shown, matching & by_kind(wanted, "d.status")))
        units += _page(connection, shown, wanted, worded)
    return UnitList(
        tuple(units), n_found, _in_order(statuses, UnitStatus), _in_order(bands, BANDS), dict(concepts)
    )


def _summary(connection: Connection, shown: ShownLayer) -> LayerSummary:
    statuses: Counter[UnitStatus] = Counter()
    bands: Counter[TrustBand] = Counter()
    n_stated, total = 0, 0.0
    for row in count_kinds(connection, shown, Chosen()):
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


MOST = 2**31 - 1  # units, of any layer
_STATUS = "coalesce(d.status, u.status)"
_OF_LAYER = (
    " FROM unit u LEFT JOIN description d{indexed} ON d.unit_id = u.id AND d.version_id = :version"
    " WHERE u.set_id = :exemplars"
)
_ORDERS: Mapping[ListOrder, str] = {
    "index": "u.number",
    "faithful": "d.faithfulness DESC NULLS LAST, u.number",
    "doubtful": "d.faithfulness IS NULL, d.faithfulness, u.number",
    "words": "d.phrase IS NULL, lower(d.phrase), u.number",
}


def _page(connection: Connection, shown: ShownLayer, wanted: Wanted, worded: Chosen) -> list[ListedUnit]:
    chosen = worded & by_kind(wanted, _STATUS)
    size = wanted.page_size
    first = 0 if size is None else (wanted.page - 1) * size
    asked = {"version": shown.version, "exemplars": shown.exemplars.id, "limit": size or MOST}
    if wanted.order == "index" and not chosen:  # numbers have no gaps: the page is found without counting
        chosen, place = Chosen(" AND u.number >= :first", {"first": first}), "u.number"
        asked["offset"] = 0
    else:
        place, asked["offset"] = f"row_number() OVER (ORDER BY {_ORDERS[wanted.order]})", first
    # Only the page's own rows are looked up in the wide tables; words are found by their own index.
    of_layer = _OF_LAYER.format(indexed="" if worded else dialect(connection).of_version)
    found = (
        f"SELECT u.number, {_STATUS} AS status, d.id AS said, {place} AS place"
        f"{of_layer}{chosen.conditions} ORDER BY {_ORDERS[wanted.order]} LIMIT :limit OFFSET :offset"
    )
    query = (
        f"WITH chosen AS ({found}) SELECT chosen.number, chosen.status, c.phrase, d.faithfulness,"
        f" {interval(connection)}"
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
        for row in connection.execute(text(query), asked | dict(chosen.values))
    ]
