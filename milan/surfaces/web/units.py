"""The units of a layer, and each unit's own page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from milan.catalog import Hit, Passage, Unit, unit_record
from milan.catalog.listing import ListedUnit
from milan.catalog.picture import WHY
from milan.catalog.wanted import ListOrder, TrustBand, Wanted
from milan.records import UnitId, UnitStatus
from milan.surfaces.web.addresses import unit_address
from milan.surfaces.web.site import Here, Site, csv_response

__all__ = ["router"]

router = APIRouter(prefix="/networks/{network}/layers/{layer}")
COLUMNS = ("unit", "status", "phrase", "faithfulness", "faithfulness_low", "faithfulness_high", "address")
MOST_ON_A_PAGE = 500
MOST_ALIKE = 8
ORDERS: Mapping[ListOrder, str] = {
    "index": "by number",
    "faithful": "most faithful first",
    "doubtful": "least faithful first",
    "words": "by words",
}


def _wanted(
    status: UnitStatus | None = None,
    faithfulness: TrustBand | None = None,
    q: Annotated[str, Query(max_length=1000)] = "",
    concept: Annotated[str | None, Query(max_length=100)] = None,
    sort: ListOrder = "index",
    page: Annotated[int, Query(ge=1, le=10**9)] = 1,
    size: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE)] = 48,
) -> Wanted:
    """Which units the address asks for."""
    return Wanted(status, faithfulness, q, concept or None, sort, page, size)


Asked = Annotated[Wanted, Depends(_wanted)]


def _row(listed: ListedUnit) -> dict[str, Any]:
    stated = listed.faithfulness
    return {
        "unit": str(listed.unit),
        "status": str(listed.status),
        "phrase": listed.phrase,
        "faithfulness": stated.value if stated else None,
        "faithfulness_low": stated.low if stated else None,
        "faithfulness_high": stated.high if stated else None,
        "address": unit_address(listed.unit),
    }


@router.get("/units", include_in_schema=False)
def units_page(request: Request, site: Here, network: str, layer: str, wanted: Asked) -> HTMLResponse:
    """A page of units as cards, with facets."""
    found = site.catalog.listed(network, layer, wanted)
    size = wanted.page_size or MOST_ON_A_PAGE
    n_pages = max(1, -(-found.n_found // size))
    return site.page(
        request,
        "units.html",
        network=network,
        layer=layer,
        wanted=wanted,
        found=found,
        n_pages=n_pages,
        pages=_pages_about(wanted.page, n_pages),
        orders=ORDERS,
        query={
            "q": wanted.words,
            "status": wanted.status,
            "faithfulness": wanted.band,
            "concept": wanted.concept,
            "sort": None if wanted.order == "index" else wanted.order,
            "size": None if size == 48 else size,
        },
    )


@router.get("/units.json")
def units_as_json(site: Here, network: str, layer: str, wanted: Asked) -> dict[str, Any]:
    """A page of units, and how many of each status, range of faithfulness and concept there are."""
    found = site.catalog.listed(network, layer, wanted)
    return {
        "n_found": found.n_found,
        "page": wanted.page,
        "size": wanted.page_size,
        "statuses": found.statuses,
        "faithfulness": found.bands,
        "concepts": found.concepts,
        "units": [_row(listed) for listed in found.units],
    }


@router.get("/units.csv", response_class=Response)
def units_as_csv(site: Here, network: str, layer: str, wanted: Asked) -> Response:
    """All the wanted units, on whatever page they are, as comma-separated values."""
    found = site.catalog.listed(network, layer, replace(wanted, page=1, page_size=None))
    return csv_response(f"{network}-{layer}", COLUMNS, [_row(listed) for listed in found.units])


@router.get("/units/{index:int}", include_in_schema=False)
def unit_page(request: Request, site: Here, network: str, layer: str, index: int) -> HTMLResponse:
    """All that is known of a unit."""
    unit = site.catalog.unit(UnitId(network, layer, index))
    kept = site.catalog.layers(network, layer)[0]
    return site.page(
        request,
        "unit.html",
        unit=unit,
        why=WHY.get(unit.status),
        strongest=[Passage.of(exemplar) for exemplar in unit.exemplars if unit.is_of_text],
        lowest=[Passage.of(exemplar) for exemplar in unit.downward if unit.is_of_text],
        opinions=site.catalog.opinions(unit.id),
        provenance=kept.provenance,
        described_as=kept.versions[0] if kept.versions else None,
        neighbours=site.catalog.neighbours(unit.id),
        alike=_alike(site, unit),
        before=UnitId(network, layer, index - 1) if index else None,
        after=UnitId(network, layer, index + 1) if index + 1 < kept.n_units else None,
    )


@router.get("/units/{index:int}.json")
def unit_as_json(site: Here, network: str, layer: str, index: int) -> dict[str, Any]:
    """All that is known of a unit, as a line of `milan export --format jsonl`."""
    return unit_record(site.catalog.unit(UnitId(network, layer, index)))


@router.get("/units/{index:int}/neighbours.json")
def neighbours_as_json(site: Here, network: str, layer: str, index: int) -> dict[str, Any]:
    """Units that hold the same images, and units whose words mean the like (cosine)."""
    unit = site.catalog.unit(UnitId(network, layer, index))
    return {
        "holding_the_same": [
            {"unit": str(one.unit), "phrase": one.phrase, "n_shared": one.n_shared}
            for one in site.catalog.neighbours(unit.id)
        ],
        "alike_in_meaning": [
            {"unit": str(hit.unit), "phrase": hit.description, "cosine": hit.score}
            for hit in _alike(site, unit)
        ],
    }


def _alike(site: Site, unit: Unit) -> list[Hit]:
    """Other units whose words mean the like."""
    if unit.phrase is None:
        return []
    found = site.catalog.alike(unit.phrase, 1 + MOST_ALIKE)
    return [hit for hit in found if hit.unit != unit.id][:MOST_ALIKE]


def _pages_about(page: int, n_pages: int) -> list[int | None]:
    """Numbers of pages to offer; None where some are left out."""
    near = sorted({1, n_pages, *range(max(1, page - 2), min(n_pages, page + 2) + 1)})
    offered: list[int | None] = []
    for number in near:
        if offered and offered[-1] != number - 1:
            offered.append(None)
        offered.append(number)
    return offered
