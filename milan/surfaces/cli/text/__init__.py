"""`milan text`: units of networks that read text."""

import typer

from milan.surfaces.cli.text.ablate import ablate
from milan.surfaces.cli.text.control import control
from milan.surfaces.cli.text.correlate import correlate
from milan.surfaces.cli.text.distances import distances
from milan.surfaces.cli.text.extract import extract
from milan.surfaces.cli.text.layers import layers
from milan.surfaces.cli.text.probe import probe
from milan.surfaces.cli.text.study import study

__all__ = ["text_app"]

text_app = typer.Typer(help="Study units of networks that read text.", no_args_is_help=True)


@text_app.callback()
def _group() -> None:
    """Study units of networks that read text."""


for _command in (layers, extract, probe, distances, correlate, study, ablate, control):
    text_app.command()(_command)
