"""What all routes share: the catalog, how pages are rendered, and how a listing becomes JSON or CSV."""

import csv
import io
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from milan import __version__
from milan.catalog import Catalog
from milan.catalog.meanings import Embed
from milan.catalog.wanted import TrustBand
from milan.places import CatalogPlace
from milan.records import UnitStatus
from milan.surfaces.web import addresses
from milan.surfaces.web.guard import Guard

if TYPE_CHECKING:
    from milan.surfaces.web.orders import Orders
    from milan.surfaces.web.trials import Trials

__all__ = ["BAND_IN_WORDS", "STATUS_IN_WORDS", "THREADS", "Here", "Site", "csv_response", "make_site"]

THREADS = 8
"""Requests that are answered at the same time: more would wait for one another, and each takes its memory."""

STATUS_IN_WORDS: Mapping[UnitStatus, str] = {
    UnitStatus.DESCRIBED: "described",
    UnitStatus.INCONSISTENT: "no consistent description",
    UnitStatus.DEAD: "dead: the same everywhere",
    UnitStatus.NEVER_POSITIVE: "never above zero",
    UnitStatus.PENDING: "not described yet",
    UnitStatus.PREVIEW: "preview: the run goes on",
    UnitStatus.FAILED: "could not be measured",
}

BAND_IN_WORDS: Mapping[TrustBand, str] = {
    "none": "not stated",
    "below-0": "below 0",
    "0-0.1": "0 to .1",
    "0.1-0.2": ".1 to .2",
    "0.2-0.3": ".2 to .3",
    "0.3-0.4": ".3 to .4",
    "from-0.4": ".4 and more",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One served catalog."""

    catalog: Catalog
    """Read by many threads at once."""
    embed: Embed | None
    """Phrases to vectors; None: no search by meaning."""
    guard: Guard
    now: Callable[[], datetime]
    pages: Environment
    trials: "Trials | None" = None
    """Of the network at hand, on its live page; None without one."""
    orders: "Orders | None" = None
    """Runs that pages start; None where none may be."""
    writing: threading.Lock = field(default_factory=threading.Lock)
    """Threads write one after the other; another process that writes is an error, CatalogBusy."""

    def page(self, request: Request, template: str, status_code: int = 200, **content: Any) -> HTMLResponse:
        """A page made of a template."""
        shown = self.pages.get_template(template).render(request=request, site=self, **content)
        return HTMLResponse(shown, status_code)


def make_site(
    place: CatalogPlace,
    embed: Embed | None,
    guard: Guard,
    now: Callable[[], datetime],
    trials: "Trials | None" = None,
    orders: "Orders | None" = None,
) -> Site:
    """Open a catalog to be shown; raises what `Catalog.open` does."""
    pages = Environment(
        loader=PackageLoader("milan.surfaces.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals |= {name: getattr(addresses, name) for name in addresses.__all__}
    pages.globals |= {
        "status_in_words": STATUS_IN_WORDS,
        "band_in_words": BAND_IN_WORDS,
        "version": __version__,
    }
    pages.filters |= {"dict": asdict, "figure": _figure, "short": _short, "thousands": "{:,}".format}
    return Site(Catalog.open(place), embed, guard, now, pages, trials, orders)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(_site)]
"""The site, as a route asks for it."""


def csv_response(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Response:
    """Rows as comma-separated values, offered as a file of this name."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    kept = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in ".-_") else "_" for letter in name
    )
    offered = {"Content-Disposition": f'inline; filename="{kept}.csv"'}
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=offered)


def _figure(value: float | None, digits: int = 2) -> str:
    """A number as people read it; a dash where there is none."""
    return "\N{EN DASH}" if value is None else f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _short(value: float) -> str:
    """A number of any size, in three digits."""
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")
