"""Search by words and by meaning."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from milan.catalog import Hit
from milan.catalog.search import Order
from milan.surfaces.web.addresses import unit_address
from milan.surfaces.web.site import Here, csv_response

__all__ = ["router"]

router = APIRouter()
COLUMNS = ("unit", "how", "score", "description", "snippet", "faithfulness", "address")

Ways = Literal["words", "meaning"]


class Question:
    """What the address asks for."""

    def __init__(
        self,
        q: Annotated[str, Query(max_length=1000)] = "",
        by: Ways = "words",
        sort: Order = "match",
        limit: Annotated[int, Query(ge=1, le=500)] = 48,
    ) -> None:
        self.q, self.by, self.sort, self.limit = q, by, sort, limit


Asked = Annotated[Question, Depends()]


def _hits(site: Here, asked: Asked) -> list[Hit]:
    """Units whose descriptions hold the words; by meaning, those close in meaning after them."""
    if not asked.q.strip():
        return []
    embed = site.embed if asked.by == "meaning" else None
    return site.catalog.search(asked.q, asked.limit, embed=embed, sort=asked.sort)


Found = Annotated[list[Hit], Depends(_hits)]


def _row(hit: Hit) -> dict[str, Any]:
    return hit.as_dict() | {"address": unit_address(hit.unit)}


@router.get("/search", include_in_schema=False)
def search_page(request: Request, site: Here, asked: Asked, hits: Found) -> HTMLResponse:
    """What was found, with the words marked."""
    return site.page(request, "search.html", asked=asked, hits=[(hit, _parts(hit)) for hit in hits])


@router.get("/search.json")
def search_as_json(hits: Found) -> list[dict[str, Any]]:
    """Units found, best first; `marks` are where the words stand in the snippet."""
    return [_row(hit) for hit in hits]


@router.get("/search.csv", response_class=Response)
def search_as_csv(hits: Found) -> Response:
    """The same as comma-separated values, without marks."""
    return csv_response("search", COLUMNS, [_row(hit) for hit in hits])


def _parts(hit: Hit) -> list[tuple[str, bool]]:
    """The snippet in pieces, each with whether it was searched for."""
    parts, last = [], 0
    for start, end in hit.marks:
        parts += [(hit.snippet[last:start], False), (hit.snippet[start:end], True)]
        last = end
    return [part for part in [*parts, (hit.snippet[last:], False)] if part[0]]
