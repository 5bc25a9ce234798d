"""The map of units: what is said to respond to the like lies close together."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from milan.catalog.unit_map import COLUMNS, ROWS, MapView, Window
from milan.surfaces.web.addresses import unit_address, with_query
from milan.surfaces.web.site import Here

__all__ = ["router"]

router = APIRouter()
SIDE = 80
"""Of a cell, in the drawing's own units."""
DEEPEST = 4.0**8


class Question:
    """Which part of the map the address asks for."""

    def __init__(
        self,
        network: str | None = None,
        layer: str | None = None,
        x: Annotated[float, Query(ge=0, le=1)] = 0.5,
        y: Annotated[float, Query(ge=0, le=1)] = 0.5,
        zoom: Annotated[float, Query(ge=1, le=DEEPEST)] = 1.0,
    ) -> None:
        self.network, self.layer = network or None, layer or None
        self.window = Window(x, y, zoom)

    def at(self, window: Window | None = None, network: str | None = None, layer: str | None = None) -> str:
        """The address of another window, or of all of another network or layer."""
        if window is None:
            return with_query("/map", network=network, layer=layer)
        where = window._asdict() if window.zoom > 1 else {}
        return with_query("/map", network=self.network, layer=self.layer, **where)

    @property
    def beside(self) -> dict[str, Window]:
        """Windows half a width away, and the next larger one."""
        x, y, zoom = self.window
        x, y = self.window.left + 0.5 / zoom, self.window.top + 0.5 / zoom
        half = 0.5 / zoom
        ways = {
            "← left": (x - half, y),
            "right →": (x + half, y),
            "↑ up": (x, y - half),
            "↓ down": (x, y + half),
        }
        moved = {name: Window(min(max(a, 0), 1), min(max(b, 0), 1), zoom) for name, (a, b) in ways.items()}
        here = (self.window.left, self.window.top)
        found = {name: window for name, window in moved.items() if (window.left, window.top) != here}
        return found | ({"out": Window(x, y, max(1.0, zoom / 4))} if zoom > 1 else {})


Asked = Annotated[Question, Depends()]


def _view(site: Here, asked: Asked) -> MapView:
    if asked.network is not None:
        site.catalog.layers(asked.network, asked.layer)  # raises for an unknown name
    return site.catalog.unit_map().view(asked.window, asked.network, asked.layer)


Seen = Annotated[MapView, Depends(_view)]


@router.get("/map", include_in_schema=False)
def map_page(request: Request, site: Here, asked: Asked, seen: Seen) -> HTMLResponse:
    """A window of the map as a drawing, and the same as a list."""
    return site.page(
        request,
        "map.html",
        asked=asked,
        seen=seen,
        layers=site.catalog.summaries(),
        side=SIDE,
        width=COLUMNS * SIDE,
        height=ROWS * SIDE,
        most=max((cell.n_units for cell in seen.cells), default=1),
        deepest=DEEPEST,
        query=request.url.query,
    )


@router.get("/map.json")
def map_as_json(seen: Seen) -> dict[str, Any]:
    """A window of the map: its cells, the most faithful unit of each and how many there are."""
    cells = [
        asdict(cell)
        | {"unit": str(cell.unit), "address": unit_address(cell.unit), "window": cell.window._asdict()}
        for cell in seen.cells
    ]
    return {"n_units": seen.n_units, "cells": cells}
