"""Permanent addresses of what a catalog holds, and the valid one nearest to a mistyped one."""

from collections.abc import Sequence
from urllib.parse import quote, unquote, urlencode

from milan.catalog import Catalog
from milan.errors import nearest
from milan.records import UnitId

__all__ = [
    "layer_address",
    "nearest_address",
    "network_address",
    "picture_address",
    "unit_address",
    "with_query",
]

PLACES = ("/map", "/audit", "/search", "/compare", "/opinions", "/openapi.json")
"""Of every server; what an option opens is not nearest where it is shut."""


def network_address(network: str) -> str:
    """Where a network's layers are.

    >>> network_address("my net")
    '/networks/my%20net'
    """
    return f"/networks/{quote(network, safe='')}"


def layer_address(network: str, layer: str) -> str:
    """Where a layer's units are, without a form's ending (`.json`, `.csv`)."""
    return f"{network_address(network)}/layers/{quote(layer, safe='')}/units"


def unit_address(unit: UnitId) -> str:
    """The unit's own page.

    >>> unit_address(UnitId("resnet18", "layer3", 41))
    '/networks/resnet18/layers/layer3/units/41'
    """
    return f"{layer_address(unit.network, unit.layer)}/{unit.index}"


def picture_address(unit: UnitId, kind: str, place: int) -> str:
    """One of a unit's pictures: `exemplars` or `lowest` by rank, `against` by place."""
    return f"{unit_address(unit)}/{kind}/{place}.webp"


def with_query(address: str, **values: object) -> str:
    """An address with the values that are set.

    >>> with_query("/search", q="a dog", sort=None)
    '/search?q=a+dog'
    """
    said = urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})
    return f"{address}?{said}" if said else address


def nearest_address(path: str, catalog: Catalog) -> str:
    """The valid address that a wrong one comes closest to, name by name.

    The start page when nothing is close. A unit's printed name (`/resnet18/layer3/41`) leads to its page too.
    """
    parts = [unquote(part) for part in path.removesuffix(".json").removesuffix(".csv").strip("/").split("/")]
    named, layer_named, index = (*(parts[1::2] if nearest(parts[0], ["networks"]) else parts), "", "", "")[:3]
    layers = catalog.summaries()
    network = _closest(named, [summary.network for summary in layers])
    if network is None:
        return nearest(path, PLACES) or "/"
    units = {summary.layer: summary.n_units for summary in layers if summary.network == network}
    layer = _closest(layer_named, list(units))
    if layer is None:
        return network_address(network)
    if not index.isdecimal():
        return layer_address(network, layer)
    return unit_address(UnitId(network, layer, min(int(index[:18]), units[layer] - 1)))


def _closest(name: str, known: Sequence[str]) -> str | None:
    return name if name in known else nearest(name, dict.fromkeys(known))
