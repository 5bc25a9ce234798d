"""`milan serve`: a catalog as pages for a browser."""

from typing import Annotated

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import answers_errors, note
from milan.surfaces.cli.options import ExistingCatalog

__all__ = ["serve"]


@answers_errors
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
) -> None:
    """Show a catalog in a browser: networks, layers, units, search.

    milan serve units.db
    """
    try:
        import uvicorn

        from milan.surfaces.web import Guard, make_app
    except ModuleNotFoundError as missing:
        if missing.name not in ("fastapi", "python_multipart", "starlette", "uvicorn"):
            raise
        raise UsageError("milan serve needs FastAPI: pip install 'milan-neurons[serve]'") from None
    from milan.describe import embed_phrases

    guard = Guard(host, token)
    app = make_app(catalog, embed_phrases, guard)
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", server_header=False)
    )
    listener = server.config.bind_socket()
    note(f"http://{listener.getsockname()[0]}:{listener.getsockname()[1]}/ shows {catalog}; Ctrl-C ends it")
    if guard.is_read_only:
        note("other machines can read here; nobody can vote or add words without --token")
    server.run([listener])
