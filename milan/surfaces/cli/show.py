"""`milan show`: one unit as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.completing import complete_unit
from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson, ExistingCatalog
from milan.surfaces.cli.parsing import picture_file

__all__ = ["show"]


@answers_errors
def show(
    catalog: ExistingCatalog,
    unit: Annotated[
        str,
        typer.Argument(help="network/layer/index, such as resnet18/layer3/41.", autocompletion=complete_unit),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where the picture goes; default: the unit's name.png here."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a unit's regions, its phrase and how sure it is.

    milan show units.db resnet18/layer3/41 -o unit.png
    """
    from dataclasses import replace

    from milan.catalog import Catalog, draw_unit, unit_record
    from milan.records import UnitId

    address = UnitId.parse(unit)
    path = picture_file(output or Path(f"{address.filename}.png"))
    with Catalog.open(catalog) as opened:
        found = opened.unit(address)
        draw_unit(replace(found, thumbnails=found.pictures)).save(path)
    if as_json:
        record = {"unit": unit, "status": str(found.status), "description": found.phrase}
        faithfulness = found.faithfulness and found.faithfulness.mean.value
        exported = unit_record(found)
        kept = ("clusters", "bands", "downward_description", "free_text", "findings")
        asides = {key: exported[key] for key in kept}
        print_json({**record, "faithfulness": faithfulness, **asides, "picture": str(path)})
    else:
        stated = f" (faithfulness {found.faithfulness.mean.value:.2f})" if found.faithfulness else ""
        lines = [f"{unit}: {found.phrase or found.status}{stated}", *found.asides, str(path)]
        stdout.print("\n".join(lines), markup=False)
