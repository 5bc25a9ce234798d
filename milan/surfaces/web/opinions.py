"""People's words and votes, beside the machine's."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from milan.records import Opinion, UnitId
from milan.surfaces.web.addresses import unit_address
from milan.surfaces.web.site import Here, Site, csv_response

__all__ = ["router"]

router = APIRouter()
COLUMNS = ("unit", "author", "written", "fits", "about", "words", "address")
Limit = Annotated[int, Query(ge=1, le=1000)]


class Said(BaseModel):
    """What the form on a unit's page sends."""

    author: str = ""
    fits: Literal["yes", "no", ""] = ""
    about: str = ""
    words: str = ""
    token: str = ""


def _row(opinion: Opinion) -> dict[str, Any]:
    return asdict(opinion) | {"unit": str(opinion.unit), "address": unit_address(opinion.unit)}


@router.get("/opinions", include_in_schema=False)
def opinions_page(request: Request, site: Here, limit: Limit = 200) -> HTMLResponse:
    """What people say, newest first, and how far they agree."""
    said, agreement = site.catalog.opinions(limit=limit), site.catalog.agreement_of_people()
    return site.page(request, "opinions.html", opinions=said, agreement=agreement)


@router.get("/opinions.json")
def opinions_as_json(site: Here, limit: Limit = 200) -> dict[str, Any]:
    """How far people agree with the machine's words and with one another, and their newest opinions."""
    opinions = [_row(opinion) for opinion in site.catalog.opinions(limit=limit)]
    return {"agreement": asdict(site.catalog.agreement_of_people()), "opinions": opinions}


@router.get("/opinions.csv", response_class=Response)
def opinions_as_csv(site: Here) -> Response:
    """All opinions, newest first, as comma-separated values."""
    return csv_response("opinions", COLUMNS, [_row(opinion) for opinion in site.catalog.opinions()])


def _is_form(request: Request) -> None:
    sent = request.headers.get("content-type", "").partition(";")[0].strip()
    if sent not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(
            415, f"a form is understood here, not {sent or 'this'}: post JSON to opinions.json"
        )


@router.post(
    "/networks/{network}/layers/{layer}/units/{index:int}/opinions",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Depends(_is_form)],
)
def add_opinion(
    site: Here, network: str, layer: str, index: int, said: Annotated[Said, Form()]
) -> RedirectResponse:
    """Keep a vote on the machine's words (`about`), words of one's own, or both; leads back to the unit."""
    opinion = _keep(site, UnitId(network, layer, index), said)
    return RedirectResponse(f"{unit_address(opinion.unit)}#people", 303)


@router.post("/networks/{network}/layers/{layer}/units/{index:int}/opinions.json", status_code=201)
def add_opinion_as_json(site: Here, network: str, layer: str, index: int, said: Said) -> dict[str, Any]:
    """The same for programs; answers what is kept."""
    return _row(_keep(site, UnitId(network, layer, index), said))


def _keep(site: Site, unit: UnitId, said: Said) -> Opinion:
    site.guard.require(said.token)
    opinion = Opinion(
        unit,
        " ".join(said.author.split()),
        site.now().isoformat(timespec="seconds"),
        {"yes": True, "no": False}.get(said.fits),
        said.about if said.fits else None,
        " ".join(said.words.split()) or None,
    )
    with site.writing:
        site.catalog.add_opinion(opinion)
    return opinion
