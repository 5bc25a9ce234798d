"""`milan export`: a catalog as JSON lines, CSV, Parquet or a gallery."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson, ExistingCatalog, ExportFormat

__all__ = ["export"]


@answers_errors
def export(
    catalog: ExistingCatalog,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File; for html a folder.", show_default=False)
    ],
    format: Annotated[ExportFormat, typer.Option(help="What to write.")] = "jsonl",  # noqa: A002 - the option's name
    as_json: AsJson = False,
) -> None:
    """Write the catalog for other programs, or as a gallery that opens from disk.

    milan export units.db --format html -o gallery/
    """
    from milan.catalog import Catalog
    from milan.catalog import export as write

    with Catalog.open(catalog) as opened:
        n_units = write(opened, format, output)
    if as_json:
        print_json({"format": format, "path": str(output), "units": n_units})
    else:
        where = output / "index.html" if format == "html" else output
        stdout.print(f"{n_units} units: {where}", markup=False)
