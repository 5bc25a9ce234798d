"""The start page: which networks there are, how much of each is described, and how faithfully."""

from collections import Counter
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from milan.catalog.listing import LayerSummary
from milan.records import UnitStatus
from milan.surfaces.web.addresses import network_address
from milan.surfaces.web.site import Here, Site, csv_response

__all__ = ["router"]

router = APIRouter()
COLUMNS = ("network", "n_layers", "n_units", "n_described", "faithfulness", "address")


def _networks(site: Site) -> list[dict[str, Any]]:
    return [
        _network(name, list(layers))
        for name, layers in groupby(site.catalog.summaries(), key=lambda summary: summary.network)
    ]


def _network(name: str, layers: list[LayerSummary]) -> dict[str, Any]:
    n_stated, total = 0, 0.0
    statuses: Counter[UnitStatus] = Counter()
    for layer in layers:
        statuses.update(layer.statuses)
        if layer.faithfulness is not None:
            n_of_layer = sum(layer.bands.values()) - layer.bands.get("none", 0)
            n_stated, total = n_stated + n_of_layer, total + n_of_layer * layer.faithfulness
    return {
        "network": name,
        "n_layers": len(layers),
        "n_units": statuses.total(),
        "n_described": statuses[UnitStatus.DESCRIBED],
        "faithfulness": total / n_stated if n_stated else None,
        "address": network_address(name),
        "layers": layers,
    }


@router.get("/", include_in_schema=False)
def start_page(request: Request, site: Here) -> HTMLResponse:
    """All networks with their layers."""
    return site.page(request, "start.html", networks=_networks(site))


@router.get("/networks.json")
def networks_as_json(site: Here) -> list[dict[str, Any]]:
    """All networks: layers, units, how many are described, and their mean faithfulness."""
    return [{column: network[column] for column in COLUMNS} for network in _networks(site)]


@router.get("/networks.csv", response_class=Response)
def networks_as_csv(site: Here) -> Response:
    """The same as comma-separated values."""
    return csv_response("networks", COLUMNS, _networks(site))
