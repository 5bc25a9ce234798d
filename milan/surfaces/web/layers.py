"""The layers of a network."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from milan.records import UnitStatus
from milan.surfaces.web.addresses import layer_address, network_address
from milan.surfaces.web.site import Here, Site, csv_response

__all__ = ["router"]

router = APIRouter(prefix="/networks/{network}")
COLUMNS = (
    "network",
    "layer",
    "n_units",
    *(f"n_{status}" for status in UnitStatus),
    "faithfulness",
    "address",
)


def _rows(site: Site, network: str) -> list[dict[str, Any]]:
    return [
        {
            "network": layer.network,
            "layer": layer.layer,
            "n_units": layer.n_units,
            **{f"n_{status}": layer.statuses.get(status, 0) for status in UnitStatus},
            "faithfulness": layer.faithfulness,
            "address": layer_address(layer.network, layer.layer),
        }
        for layer in site.catalog.summaries(network)
    ]


@router.get("", include_in_schema=False)
def layers_page(request: Request, site: Here, network: str) -> HTMLResponse:
    """A network's layers."""
    layers = site.catalog.summaries(network)
    return site.page(
        request,
        "layers.html",
        network=network,
        layers=layers,
        kept=site.catalog.layers(network, layers[0].layer) if layers else [],
    )


@router.get("/layers", include_in_schema=False)
def layers_without_ending(network: str) -> RedirectResponse:
    """The list is on the network's page."""
    return RedirectResponse(network_address(network))


@router.get("/layers/{layer}", include_in_schema=False)
def layer_without_units(network: str, layer: str) -> RedirectResponse:
    """A layer's page is the list of its units."""
    return RedirectResponse(layer_address(network, layer))


@router.get("/layers.json")
def layers_as_json(site: Here, network: str) -> list[dict[str, Any]]:
    """A network's layers: units by status, and the mean faithfulness of those that are described."""
    return _rows(site, network)


@router.get("/layers.csv", response_class=Response)
def layers_as_csv(site: Here, network: str) -> Response:
    """The same as comma-separated values."""
    return csv_response(f"{network}-layers", COLUMNS, _rows(site, network))
