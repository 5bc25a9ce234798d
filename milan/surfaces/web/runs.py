"""Describing a network from a page: what to run on what, how far it is, and an end to it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from milan.surfaces.web.orders import Order, Orders
from milan.surfaces.web.site import Here

__all__ = ["router"]

router = APIRouter(prefix="/runs", tags=["runs"])


def _orders(site: Here) -> Orders:
    assert site.orders is not None  # the room is open with a folder of images only
    return site.orders


Room = Annotated[Orders, Depends(_orders)]


@router.get("", include_in_schema=False)
def runs_page(request: Request, site: Here, orders: Room) -> HTMLResponse:
    """A form for a new run, and all that were started."""
    return site.page(request, "runs.html", orders=orders, runs=orders.runner.runs())


@router.get(".json")
def runs_as_json(orders: Room) -> list[dict[str, Any]]:
    """All runs that pages started, the newest first."""
    return [run.as_dict() for run in orders.runner.runs()]


@router.post("", status_code=303, response_class=RedirectResponse)
def start_run(site: Here, orders: Room, order: Annotated[Order, Form()]) -> RedirectResponse:
    """Start `milan describe` into the served catalog as soon as no other run goes; leads to its page."""
    site.guard.require(order.token)
    return RedirectResponse(f"/runs/{orders.start(order, site.guard).number}", 303)


@router.get("/{number:int}", include_in_schema=False)
def run_page(request: Request, site: Here, orders: Room, number: int) -> HTMLResponse:
    """How far a run is."""
    run = orders.runner.run(number)
    return site.page(request, "run.html", run=run, before=orders.runner.before(run))


@router.get("/{number:int}.json")
def run_as_json(orders: Room, number: int) -> dict[str, Any]:
    """How far a run is: its state, and what it said."""
    return orders.runner.run(number).as_dict()


@router.post("/{number:int}/cancel", status_code=303, response_class=RedirectResponse)
def cancel_run(site: Here, orders: Room, number: int, token: Annotated[str, Form()] = "") -> RedirectResponse:
    """End a run; one that is over stays as it is."""
    site.guard.require(token)
    orders.runner.cancel(number)
    return RedirectResponse(f"/runs/{number}", 303)
