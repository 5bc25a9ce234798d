"""`milan export`: a catalog as JSON lines, CSV, Parquet or a gallery."""

from pathlib import Path
from typing import Annotated

import typer

from milan.errors import BadSetting
from milan.surfaces.cli.console import answers_errors, note, print_json, stdout
from milan.surfaces.cli.options import AsJson, ExistingCatalog, ExportFormat

__all__ = ["export"]


@answers_errors
def export(
    catalog: ExistingCatalog,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="File; for html, huggingface and neuronpedia a folder.", show_default=False
        ),
    ],
    format: Annotated[ExportFormat, typer.Option(help="What to write.")] = "jsonl",  # noqa: A002 - the option's name
    language: Annotated[
        str,
        typer.Option(
            help="Of the descriptions: en, de, fr, es, hy, zh, ...; English where there is no name."
        ),
    ] = "en",
    as_json: AsJson = False,
) -> None:
    """Write the catalog for other programs, or as a gallery that opens from disk.

    milan export units.db --format html -o gallery/
    """
    from milan.catalog import Catalog, Language
    from milan.catalog import export as write

    names = None
    if language != "en":
        if format in ("html", "huggingface", "neuronpedia"):
            raise BadSetting(f"{format} is English: --language goes with jsonl, csv and parquet")
        from milan.describe import open_translator

        names = open_translator(language)
    other = None if names is None else Language(names.code, names.translate)
    with Catalog.open(catalog) as opened:
        n_units = write(opened, format, output, other)
    if names is not None:
        note(
            f"{names.n_named} of {names.n_asked} descriptions have a name in {names.code}, "
            "the others are English"
        )
    if as_json:
        print_json({"format": format, "path": str(output), "units": n_units})
    else:
        where = output / "index.html" if format == "html" else output
        stdout.print(f"{n_units} units: {where}", markup=False)
