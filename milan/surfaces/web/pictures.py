"""Pictures of a unit: where it is active, and what speaks against its words."""

import io
from dataclasses import replace
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from PIL import Image, ImageDraw

from milan.catalog import Passage, Unit, draw_tile
from milan.catalog.passage import draw_passage, height_of
from milan.errors import UnknownName
from milan.records import Exemplar, ImageRegion, TextSpan, UnitId
from milan.surfaces.web.site import Here

__all__ = ["router"]

router = APIRouter(prefix="/networks/{network}/layers/{layer}/units/{index:int}", include_in_schema=False)
LARGE, SMALL, GAP = 224, 112, 4
ON_A_CARD = 4
QUALITY = 82
SECONDS_KEPT = 300


@router.get("/card.webp")
def card_picture(site: Here, network: str, layer: str, index: int) -> Response:
    """The four strongest regions side by side."""
    unit = site.catalog.unit(UnitId(network, layer, index))
    side = SMALL + GAP
    card = Image.new("RGBA", (ON_A_CARD * side - GAP, SMALL))
    if unit.is_of_text:
        return _encoded(_with_passages(card, unit))
    for place, exemplar in enumerate(unit.exemplars[:ON_A_CARD]):
        tile = _tile(unit, exemplar.source, exemplar.region, SMALL)
        card.paste(tile, (place * side + (SMALL - tile.width) // 2, (SMALL - tile.height) // 2))
    return _encoded(card)


@router.get("/{kind}/{place:int}.webp")
def one_picture(
    site: Here,
    network: str,
    layer: str,
    index: int,
    kind: Literal["exemplars", "lowest", "against"],
    place: int,
) -> Response:
    """One exemplar or one image that speaks against the words."""
    unit = site.catalog.unit(UnitId(network, layer, index))
    if kind == "against":
        counters = unit.description.counter_exemplars if unit.description else ()
        pictures: list[tuple[str, _Region]] = [(counter.image, None) for counter in counters]
    else:
        ranked: tuple[Exemplar, ...] = unit.exemplars if kind == "exemplars" else unit.downward
        pictures = [(exemplar.source, exemplar.region) for exemplar in ranked]
    if place >= len(pictures):
        raise UnknownName("picture", f"{kind}/{place}", (), f"The unit has {len(pictures)} of them.")
    return _encoded(_tile(unit, *pictures[place], LARGE))


_Region = ImageRegion | TextSpan | None


def _tile(unit: Unit, image: str, region: _Region, size: int) -> Image.Image:
    """A picture; an empty square for a passage of a text, which pages hold as text."""
    return draw_tile(unit.pictures.get(image), region if isinstance(region, ImageRegion) else None, size)


def _with_passages(card: Image.Image, unit: Unit) -> Image.Image:
    """As many of the strongest passages as the card has room for."""
    card.paste("white", (0, 0, *card.size))
    pen, top = ImageDraw.Draw(card), GAP
    for exemplar in unit.exemplars[:ON_A_CARD]:
        passage = replace(Passage.of(exemplar), note="")
        tall = height_of(passage, card.width - 2 * GAP)
        if top > GAP and top + tall > card.height:
            break
        draw_passage(pen, (GAP, top), passage, card.width - 2 * GAP)
        top += tall
    return card


def _encoded(picture: Image.Image) -> Response:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=2)
    kept = {"Cache-Control": f"private, max-age={SECONDS_KEPT}"}
    return Response(file.getvalue(), media_type="image/webp", headers=kept)
