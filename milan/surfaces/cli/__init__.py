"""The `milan` command: one file a command, nothing heavy loaded before a command runs."""

from pathlib import Path
from typing import Annotated

import typer

from milan import __version__
from milan.surfaces.cli.analyze import analyze
from milan.surfaces.cli.audit import audit
from milan.surfaces.cli.captioner import captioner_app
from milan.surfaces.cli.check import check
from milan.surfaces.cli.compare import compare
from milan.surfaces.cli.config import config
from milan.surfaces.cli.console import answers_errors, asides, unwind_when_terminated
from milan.surfaces.cli.copy import copy
from milan.surfaces.cli.demo import demo
from milan.surfaces.cli.describe import describe
from milan.surfaces.cli.doctor import doctor
from milan.surfaces.cli.edit import edit
from milan.surfaces.cli.evaluate import evaluate
from milan.surfaces.cli.exemplars import exemplars
from milan.surfaces.cli.export import export
from milan.surfaces.cli.layers import layers
from milan.surfaces.cli.merge import merge
from milan.surfaces.cli.rebuild import rebuild
from milan.surfaces.cli.search import search
from milan.surfaces.cli.serve import serve
from milan.surfaces.cli.settings import read_settings
from milan.surfaces.cli.show import show
from milan.surfaces.cli.text import text_app
from milan.surfaces.cli.undo import undo
from milan.surfaces.cli.usage import CatalogFirst, Commands
from milan.surfaces.cli.why import why

__all__ = ["app", "main"]

app = typer.Typer(
    name="milan",
    cls=Commands,
    help="Describe every unit of a neural network in language.\n\n"
    "Start with: milan describe torchvision:resnet50 --images photos/ --catalog units.db",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    layers,
    describe,
    exemplars,
    merge,
    search,
    show,
    export,
    copy,
    serve,
    evaluate,
    analyze,
    edit,
    undo,
    why,
    audit,
    check,
    compare,
    config,
    doctor,
    rebuild,
    demo,
):
    app.command(cls=CatalogFirst if command in (search, show, analyze, edit, rebuild) else None)(command)
app.add_typer(captioner_app, name="captioner")
app.add_typer(text_app, name="text")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"milan {__version__}")
        raise typer.Exit


@app.callback()
@answers_errors
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="No notes and no progress; errors are still told.")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Log what happens to stderr.")] = False,
) -> None:
    asides.quiet = quiet
    context.default_map = read_settings(Path.cwd()).default_map(context.command)
    if verbose:
        import logging

        logging.basicConfig(format="%(name)s: %(message)s")
        for ours in ("milan", "captioner"):
            logging.getLogger(ours).setLevel(logging.INFO)


def main() -> None:
    """Run the command line; every ending has the exit code that the README lists."""
    unwind_when_terminated()
    app()
