"""Two networks of the catalog side by side: units that both have, that one lost, that one has anew."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from milan.catalog import Catalog
from milan.errors import UsageError
from milan.records import UnitId, content_key
from milan.surfaces.web.addresses import unit_address
from milan.surfaces.web.site import Here, Site, csv_response
from milan.uses.compare import Comparison, LoneUnit, Subject, UnitPair, compare_networks

__all__ = ["Comparisons", "router"]

router = APIRouter()

Kind = Literal["lost", "new", "moved", "matched", "unsure"]
KINDS: Mapping[Kind, str] = {
    "lost": "nothing in the second network is surely like them",
    "new": "nothing in the first network is surely like them",
    "moved": "no match in their own layer, but in another",
    "matched": "surely the same unit",
    "unsure": "neither surely the same nor surely not",
}
COLUMNS = (
    "kind", "layer", "first", "second", "likeness", "q", "first_phrase", "second_phrase", "words",
    "first_address", "second_address",
)  # fmt: skip
ON_A_PAGE = 24
_KEPT = 8
"""Comparisons that are remembered."""


class Asked(NamedTuple):
    """What the address asks for."""

    first: str
    second: str
    layer: str | None
    """None: all layers."""
    kind: Kind | None
    page: int


def _asked(
    first: str = "",
    second: str = "",
    layer: str = "",
    kind: Kind | None = None,
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Asked:
    return Asked(first, second, layer or None, kind, page)


Wanted = Annotated[Asked, Depends(_asked)]


class Comparisons:
    """The last few comparisons of a catalog's networks, made one at a time."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, Comparison] = OrderedDict()
        self._making = threading.Lock()

    def of(self, catalog: Catalog, first: str, second: str) -> Comparison:
        """Compare two networks, or remember; they are compared again once either is described anew."""
        sides = [Subject.of(catalog, name) for name in (first, second)]
        made_of = [
            [
                (str(layer), layer.provenance.key(), [v.number for v in layer.versions[:1]])
                for layer in side.layers
            ]
            for side in sides
        ]
        key = content_key(made_of)
        with self._making:
            if key not in self._made:
                self._made[key] = compare_networks(sides[0], sides[1])
            self._made.move_to_end(key)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
            return self._made[key]


def _comparison(request: Request, site: Site, asked: Asked) -> Comparison:
    if not (asked.first and asked.second):
        raise UsageError("two networks are compared: name them as first and second")
    made: Comparisons = request.app.state.comparisons
    return made.of(site.catalog, asked.first, asked.second)


@router.get("/compare", include_in_schema=False)
def comparison_page(request: Request, site: Here, asked: Wanted) -> HTMLResponse:
    """Two networks to choose, how many units they share, and those of one kind side by side."""
    names = list(dict.fromkeys(layer.network for layer in site.catalog.summaries()))
    found = _comparison(request, site, asked) if asked.first and asked.second else None
    rows = [] if found is None else _rows(found, asked.layer)
    kinds = {one: [row for row in rows if row["kind"] == one] for one in KINDS}
    first_held: Kind = next((kind for kind, of_kind in kinds.items() if of_kind), "matched")
    kind: Kind = asked.kind or first_held
    shown = kinds[kind][ON_A_PAGE * (asked.page - 1) :][:ON_A_PAGE]
    return site.page(
        request,
        "compare.html",
        names=names,
        found=found,
        asked=asked._replace(kind=kind),
        kinds=kinds,
        explained=KINDS,
        shown=shown,
        n_pages=max(1, -(-len(kinds[kind]) // ON_A_PAGE)),
    )


@router.get("/compare.json")
def comparison_as_json(request: Request, site: Here, asked: Wanted) -> dict[str, Any]:
    """Everything that is known of a comparison, as `milan compare --json`."""
    return _comparison(request, site, asked).as_dict()


@router.get("/compare.csv", response_class=Response)
def comparison_as_csv(request: Request, site: Here, asked: Wanted) -> Response:
    """A row a pair, and a row a unit without one."""
    rows = _rows(_comparison(request, site, asked), asked.layer)
    wanted = [row for row in rows if asked.kind in (None, row["kind"])]
    return csv_response(f"{asked.first}-beside-{asked.second}", COLUMNS, wanted)


def _rows(found: Comparison, layer: str | None) -> list[dict[str, Any]]:
    rows = [_pair_row("moved", f"{pair.first.layer} = {pair.second.layer}", pair) for pair in found.moved]
    for one in found.layers:
        if layer in (None, one.name):
            rows += [_lone_row("lost", one.name, unit) for unit in one.lost]
            rows += [_lone_row("new", one.name, unit) for unit in one.new]
            rows += [_pair_row("matched", one.name, pair) for pair in one.matched]
            rows += [_pair_row("unsure", one.name, pair) for pair in one.unsure]
    return rows


def _pair_row(kind: Kind, layer: str, pair: UnitPair) -> dict[str, Any]:
    figures = {"likeness": pair.likeness, "q": pair.corrected, "words": pair.words}
    phrases = {"first_phrase": pair.phrases[0], "second_phrase": pair.phrases[1]}
    return {"kind": kind, "layer": layer, **_addresses(pair.first, pair.second), **figures, **phrases}


def _lone_row(kind: Kind, layer: str, lone: LoneUnit) -> dict[str, Any]:
    """The nearest unit stands where the missing one would."""
    units, said = (lone.unit, lone.nearest), (lone.phrase, lone.nearest_phrase)
    first, second = units if kind == "lost" else units[::-1]
    phrases = dict(
        zip(("first_phrase", "second_phrase"), said if kind == "lost" else said[::-1], strict=True)
    )
    figures = {"likeness": lone.likeness, "q": None, "words": None}
    return {"kind": kind, "layer": layer, **_addresses(first, second), **figures, **phrases}


def _addresses(first: UnitId | None, second: UnitId | None) -> dict[str, Any]:
    return {
        "first": None if first is None else str(first),
        "second": None if second is None else str(second),
        "first_address": None if first is None else unit_address(first),
        "second_address": None if second is None else unit_address(second),
    }
