"""What a user sees when something is wrong: a page, or for programs a problem document (RFC 9457)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from milan.errors import CatalogBusy, DataError, MilanError, UnknownName, UsageError
from milan.surfaces.web.addresses import nearest_address
from milan.surfaces.web.site import Site

__all__ = ["tell_problems"]

TITLES = {
    400: "The request was not understood",
    403: "This is not allowed",
    404: "There is nothing at this address",
    405: "Pages are read with GET",
    415: "What was sent is of another kind",
    503: "Not just now",
}


def tell_problems(app: FastAPI) -> None:
    """Have every error of an application answered in plain words."""
    app.add_exception_handler(MilanError, _of_milan)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_request)


def _of_milan(request: Request, error: Exception) -> Response:
    status = 500
    for kind, code in ((UnknownName, 404), (UsageError, 400), (DataError, 400), (CatalogBusy, 503)):
        if isinstance(error, kind):
            status = code
            break
    return _problem(request, status, str(error))


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # it is registered for these alone
    detail = _shut(request) if error.status_code == 404 else str(error.detail)
    return _problem(request, error.status_code, detail)


def _shut(request: Request) -> str:
    """What opens a page that this server leaves out."""
    first = request.url.path.strip("/").partition("/")[0]
    served = any(getattr(route, "path", "").startswith(f"/{first}") for route in request.app.routes)
    options = {"live": "--network SPEC", "runs": "--root DIR"}
    return "" if served or first not in options else f"This page is there with milan serve {options[first]}."


def _of_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [f"{fault['loc'][-1]}={fault.get('input')!r}: {fault['msg']}" for fault in error.errors()]
    return _problem(request, 400, "; ".join(wrong))


def _problem(request: Request, status: int, detail: str) -> Response:
    site: Site = request.app.state.site
    path = request.url.path
    near = nearest_address(path, site.catalog) if status == 404 else None
    title = TITLES.get(status, "Something went wrong")
    if path.endswith((".json", ".csv")):
        told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if near is not None:
            told["nearest"] = near
        return JSONResponse(told, status, media_type="application/problem+json")
    return site.page(request, "problem.html", status, title=title, detail=detail, near=near)
