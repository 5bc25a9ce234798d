"""`milan serve`: a catalog as pages for a browser."""

import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milan.errors import MilanError, UsageError
from milan.places import CatalogPlace
from milan.surfaces.cli.console import note, resumable
from milan.surfaces.cli.network import open_asked
from milan.surfaces.cli.options import Device, ExistingCatalog, InputMean, InputSize, InputStd, Weights

if TYPE_CHECKING:
    import numpy as np

    from milan.catalog import Catalog
    from milan.uses.live import Live

__all__ = ["live_of", "serve"]


@resumable("what people said is kept")
def serve(
    catalog: ExistingCatalog,
    host: Annotated[
        str, typer.Option(help="Where to listen; 0.0.0.0 lets other machines read, and write with --token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(envvar="MILAN_TOKEN", help="What people must know to vote and to add their words."),
    ] = None,
    network: Annotated[
        str | None,
        typer.Option(help="The described network, for a page that tries it on pictures or texts."),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Let pages start runs of milan describe, on images in this folder.",
        ),
    ] = None,
    weights: Weights = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    device: Device = "cpu",
) -> None:
    """Show a catalog in a browser: networks, layers, units, search.

    milan serve units.db

    milan serve units.db --network builtin:efficientnet-lite0
    """
    try:
        import uvicorn

        from milan.surfaces.web import Guard, make_app
    except ModuleNotFoundError as missing:
        if missing.name not in ("fastapi", "python_multipart", "starlette", "uvicorn"):
            raise
        raise UsageError("milan serve needs FastAPI: pip install 'milan-neurons[serve]'") from None
    guard = Guard(host, token)
    live = None
    if network is not None:
        live = live_of(catalog, network, weights=weights, size=size, mean=mean, std=std, device=device)
    app = make_app(catalog, _embed, guard, live=live, root=root)
    listener = _listen(host, port)
    bound, number = listener.getsockname()[:2]
    note(f"http://{f'[{bound}]' if ':' in bound else bound}:{number}/ shows {catalog}; Ctrl-C ends it")
    if guard.is_read_only:
        note("other machines can read here; nobody can vote or add words without --token")
    threading.Thread(target=_prepare_meanings, args=[app.state.site.catalog], daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run([listener])


def _prepare_meanings(catalog: "Catalog") -> None:
    """Read what descriptions mean while pages are answered already; say so where it takes long."""
    try:
        n_new = catalog.n_without_meaning()
        if n_new:
            note(f"search by meaning first reads {n_new:,} phrases, some 100 a second; all else is ready")
        catalog.prepare_meanings(_embed)
        if n_new:
            note("search by meaning is ready")
    except MilanError as problem:
        note(f"search by meaning is not ready: {problem}")


def live_of(catalog: CatalogPlace, spec: str, *, weights: Path | None, device: str, **inputs: Any) -> "Live":
    """The catalog's network, opened to be tried."""
    from milan.catalog import Catalog
    from milan.networks.text import open_text_network
    from milan.uses.live import make_live, reads_text

    with Catalog.open(catalog) as opened:
        if reads_text(opened, spec):
            return make_live(opened, open_text_network(spec, weights=weights, device=device))
        return make_live(opened, open_asked(spec, weights=weights, device=device, **inputs))


def _embed(phrases: list[str]) -> "np.ndarray[Any, Any]":
    """The packaged sentence encoder, loaded when it is first asked."""
    from milan.describe import embed_phrases

    return embed_phrases(phrases)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as refused:
        reason = refused.strerror or refused
        raise UsageError(f"cannot listen on {host}, port {port} ({reason}): give another --port") from None
