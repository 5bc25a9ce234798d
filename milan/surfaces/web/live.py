"""The network at hand on a picture or text of one's own: units that it stirs, what changes without them."""

import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from PIL import Image
from starlette.exceptions import HTTPException

from milan.catalog import draw_tile
from milan.records import ImageRegion, UnitId
from milan.surfaces.web.live_state import LiveState, read_state
from milan.surfaces.web.live_view import look
from milan.surfaces.web.site import Here, Site
from milan.surfaces.web.trials import PictureTrials, TextTrials, Trials
from milan.uses.live import ReadText, SeenPicture, Trial

__all__ = ["router"]

router = APIRouter(prefix="/live", tags=["live"])
LARGE, QUALITY = 448, 88
State = Annotated[LiveState, Depends(read_state)]


def _trials(site: Here) -> Trials:
    assert site.trials is not None  # the room is open with a network only
    return site.trials


def _pictures(trials: Annotated[Trials, Depends(_trials)]) -> PictureTrials:
    if not isinstance(trials, PictureTrials):
        raise HTTPException(404)
    return trials


def _texts(trials: Annotated[Trials, Depends(_trials)]) -> TextTrials:
    if not isinstance(trials, TextTrials):
        raise HTTPException(404)
    return trials


Pictures = Annotated[PictureTrials, Depends(_pictures)]
Texts = Annotated[TextTrials, Depends(_texts)]


@router.get("", include_in_schema=False)
def live_page(
    request: Request, site: Here, trials: Annotated[Trials, Depends(_trials)], state: State
) -> Response:
    """Ask for a picture or a text; a text's page is here too, with the text in the address."""
    if isinstance(trials, TextTrials) and state.text.strip():
        return _shown(request, site, trials.get(state.text), state)
    return site.page(request, "live_start.html", live=trials.live, of_text=isinstance(trials, TextTrials))


@router.post("", status_code=303, response_class=RedirectResponse)
def drop_picture(pictures: Pictures, picture: Annotated[UploadFile, File()]) -> RedirectResponse:
    """Show the network a picture, which is kept in memory for an hour; leads to its page."""
    return RedirectResponse(f"/live/{pictures.add(picture.file)}", 303)


@router.get(".json")
def text_as_json(site: Here, texts: Texts, state: State) -> dict[str, Any]:
    """Units that a text stirs, most first, and what the network answers, before and after."""
    return look(site.catalog, texts.live, texts.get(state.text), state).as_dict()


@router.get("/{key}", include_in_schema=False)
def picture_page(request: Request, site: Here, pictures: Pictures, key: str, state: State) -> Response:
    """What a picture does."""
    return _shown(request, site, pictures.get(key), state)


@router.get("/{key}/units.json")
def picture_as_json(site: Here, pictures: Pictures, key: str, state: State) -> dict[str, Any]:
    """Units that a picture stirs, most first, and what the network answers, before and after."""
    return look(site.catalog, pictures.live, pictures.get(key), state).as_dict()


@router.get("/{key}/picture.webp", include_in_schema=False)
def whole_picture(pictures: Pictures, key: str) -> Response:
    """The picture as the network sees it."""
    return _encoded(_lit(pictures.get(key).given, None))


@router.get("/{key}/layers/{layer}/units/{index:int}.webp", include_in_schema=False)
def lit_picture(site: Here, pictures: Pictures, key: str, layer: str, index: int) -> Response:
    """The picture, lit where a unit is active in it."""
    trial, live = pictures.get(key), pictures.live
    unit = site.catalog.unit(UnitId(live.name, layer, index))
    maps = trial.original.activations.get(layer)
    if maps is None:
        raise HTTPException(404)
    return _encoded(_lit(trial.given, ImageRegion("", maps[index], unit.threshold)))


def _shown(
    request: Request, site: Site, trial: Trial[SeenPicture] | Trial[ReadText], state: LiveState
) -> Response:
    """The page of a trial; where a form has just changed a unit, the address that says so."""
    assert site.trials is not None
    if "change" in request.query_params:
        return RedirectResponse(state.at(request.url.path), 303)
    view = look(site.catalog, site.trials.live, trial, state)
    given = trial.given
    return site.page(
        request,
        "live.html",
        live=site.trials.live,
        view=view,
        state=state,
        here=request.url.path,
        text=given if isinstance(given, ReadText) else None,
    )


def _lit(seen: SeenPicture, region: ImageRegion | None) -> Image.Image:
    file = io.BytesIO()
    Image.fromarray(seen.view).save(file, "PNG", compress_level=1)
    return draw_tile(file.getvalue(), region, LARGE)


def _encoded(picture: Image.Image) -> Response:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=2)
    return Response(file.getvalue(), media_type="image/webp")
