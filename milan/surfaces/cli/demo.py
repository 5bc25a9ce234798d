"""`milan demo`: the whole way on bundled pictures, offline."""

import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer

from milan.surfaces.cli.console import note, print_json, progress_bars, resumable, stdout
from milan.surfaces.cli.options import AsJson, Seed, Workers

if TYPE_CHECKING:
    from milan.catalog import Unit

__all__ = ["demo"]


@resumable("finished units are in the catalog, the pass over the pictures in the cache")
def demo(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for pictures, catalog and gallery.")
    ] = Path("milan-demo"),
    workers: Workers = 2,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Describe EfficientNet-Lite0 (ImageNet) on bundled pictures; no download.

    milan demo
    """
    from rich.table import Table
    from rich.text import Text

    from milan.uses.demo import run_demo

    note("describing three layers of EfficientNet-Lite0: a few minutes on 2 cores")
    with progress_bars(quiet=as_json) as progress:
        result = run_demo(output, progress=progress, workers=workers, seed=seed)
    if as_json:
        print_json(
            {
                "catalog": str(result.catalog),
                "gallery": str(result.gallery),
                "surest": [
                    {"unit": str(unit.id), "description": unit.phrase, "faithfulness": _trust(unit)}
                    for unit in result.surest
                ],
            }
        )
        return
    table = Table(title="The surest descriptions", box=None, pad_edge=False, title_justify="left")
    for heading in ("unit", "description", "faithful (95 % interval)"):
        table.add_column(heading)
    for unit in result.surest:
        stated = unit.faithfulness
        figure = "" if stated is None else "{:.2f} ({:.2f} {:.2f})".format(*stated.mean)
        table.add_row(Text(str(unit.id)), Text(unit.phrase or ""), figure)
    stdout.print(table)
    first = result.surest[0].id if result.surest else "NETWORK/LAYER/INDEX"
    milan = "milan" if which("milan") else sys.argv[0]
    stdout.print(
        f"\n{result.n_described} units are described; the gallery shows the regions of the others too.\n\n"
        f"Look:    open {result.gallery} in a browser\n"
        f"Search:  {milan} search {result.catalog} 'something round'\n"
        f"Draw:    {milan} show {result.catalog} {first} -o unit.png\n"
        f"Yours:   {milan} describe torchvision:resnet50 --images YOUR_PHOTOS --catalog yours.db\n"
        "         (or timm:NAME, hf:DIR, your.module:factory, FILE.pt2; milan layers MODEL lists layers)",
        markup=False,
    )


def _trust(unit: "Unit") -> float | None:
    return None if unit.faithfulness is None else round(unit.faithfulness.mean.value, 4)
