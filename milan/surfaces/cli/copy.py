"""`milan copy`: a catalog to another place, from a file into a database or back."""

from typing import Annotated

import typer

from milan.places import CatalogPlace
from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson

__all__ = ["copy"]

PLACE = "a file, or postgresql+psycopg://USER@HOST/DATABASE"


@answers_errors
def copy(
    source: Annotated[
        CatalogPlace,
        typer.Argument(
            parser=CatalogPlace.parse, metavar="FROM", help=f"A catalog: {PLACE}.", show_default=False
        ),
    ],
    target: Annotated[
        CatalogPlace,
        typer.Argument(
            parser=CatalogPlace.parse, metavar="TO", help="Where none is yet, likewise.", show_default=False
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Copy a whole catalog; exports of both are equal byte by byte.

    milan copy units.db postgresql+psycopg://ann@db.lab/vision
    """
    from milan.catalog import Catalog

    with Catalog.open(source) as opened:
        n_rows = opened.copy(target)
    if as_json:
        print_json({"from": str(source), "to": str(target), "rows": n_rows})
    else:
        stdout.print(f"{n_rows:,} rows: {target}", markup=False)
