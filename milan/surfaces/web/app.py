"""The application: rooms of routes behind a guard."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from milan import __version__
from milan.catalog.meanings import Embed
from milan.places import CatalogPlace
from milan.surfaces.web import (
    audits,
    comparisons,
    layers,
    maps,
    networks,
    opinions,
    pictures,
    runs,
    search,
    units,
)
from milan.surfaces.web.etags import Etagged
from milan.surfaces.web.guard import Guard, Guarded
from milan.surfaces.web.orders import Orders, is_being_written
from milan.surfaces.web.problems import tell_problems
from milan.surfaces.web.runner import Runner
from milan.surfaces.web.site import THREADS, make_site

if TYPE_CHECKING:
    from milan.surfaces.web.trials import Trials
    from milan.uses.live import Live

__all__ = ["make_app"]


def make_app(
    catalog: CatalogPlace | str | Path,
    embed: Embed | None = None,
    guard: Guard | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    live: "Live | None" = None,
    root: Path | None = None,
) -> FastAPI:
    """The application that shows a catalog; `embed` searches it by meaning too.

    `guard` says where it listens and who may write (default: this machine alone); `now` is the time that
    people's words are noted with; `live` is the catalog's own network, for the page to try it; with `root`
    pages may start runs on images below it. Raises what `Catalog.open` does.
    """
    guard, place = guard or Guard(), CatalogPlace.parse(catalog)
    trials = None if live is None else _trials(live)
    orders = None if root is None else Orders(root, Runner(place.address, partial(is_being_written, place)))
    app = FastAPI(
        title="milan",
        version=__version__,
        summary="What every unit of a neural network responds to.",
        docs_url=None,  # both load their scripts from elsewhere
        redoc_url=None,
        lifespan=_running(None if orders is None else orders.runner),
    )
    app.state.site = make_site(place, embed, guard, now, trials, orders)
    app.state.comparisons = comparisons.Comparisons()
    for noun in (networks, layers, units, search, pictures, opinions, comparisons, audits, maps):
        app.include_router(noun.router)
    if orders is not None:
        app.include_router(runs.router)
    if live is not None:
        from milan.surfaces.web import live as live_pages  # loads torch, which no other page needs

        app.include_router(live_pages.router)
    app.mount("/static", StaticFiles(packages=[("milan.surfaces.web", "static")]), name="static")
    tell_problems(app)
    app.add_middleware(Etagged)
    app.add_middleware(Guarded, guard=guard)
    return app


def _running(runner: Runner | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """A few requests are answered at a time; what is run ends with the server."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        yield
        if runner is not None:
            runner.close()

    return lifespan


def _trials(live: "Live") -> "Trials":
    from milan.surfaces.web.trials import PictureTrials, TextTrials
    from milan.uses.live import LiveTexts

    return TextTrials(live) if isinstance(live, LiveTexts) else PictureTrials(live)
