"""`milan why`: why this output for this image."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars, stdout
from milan.surfaces.cli.network import open_asked
from milan.surfaces.cli.options import (
    AsJson,
    Device,
    ExistingCatalog,
    InputMean,
    InputSize,
    InputStd,
    Model,
    Weights,
)
from milan.surfaces.cli.parsing import picture_file

if TYPE_CHECKING:
    from milan.uses.why import Answered

__all__ = ["why"]


@answers_errors
def why(
    catalog: ExistingCatalog,
    model: Model,
    image: Annotated[Path, typer.Argument(help="One image.", show_default=False)],
    output: Annotated[
        int | None, typer.Option("--class", min=0, help="Explain this output instead of the highest.")
    ] = None,
    layer: Annotated[
        list[str] | None, typer.Option("--layer", help="Only units of this described layer; again for more.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Reasons for, and reasons against.")] = 5,
    picture: Annotated[
        Path | None, typer.Option("-o", "--output", help="Draw the units' regions in the image (PNG).")
    ] = None,
    weights: Weights = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Name the units without which the output for an image would change most.

    milan why units.db builtin:efficientnet-lite0 photo.jpg -o why.png
    """
    from milan.catalog import Catalog
    from milan.networks.naming import output_name
    from milan.uses.why import WhyOptions, draw_answer, explain_output

    if picture is not None:
        picture_file(picture)
    with Catalog.open(catalog) as opened:
        network = open_asked(model, weights=weights, size=size, mean=mean, std=std, device=device)
        with progress_bars(quiet=as_json) as bars:
            answer = explain_output(
                network,
                opened,
                image,
                WhyOptions(output, tuple(layer or ()), top),
                progress=lambda done, total: bars("switching units off", done, total),
            )
    name = output_name(network, answer.output)
    if picture is not None:
        draw_answer(answer, name).save(picture)
        note(f"drawn in {picture}")
    if as_json:
        print_json({**answer.as_dict(), "name": name})
    else:
        _show(answer, name)


def _show(answer: "Answered", name: str | None) -> None:
    from rich.table import Table
    from rich.text import Text

    called = name or f"output {answer.output}"
    stdout.print(
        f"{answer.image}: {called}, chance {answer.chance:.1%} (place {answer.rank + 1})", markup=False
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("effect", "unit", "responds to", "faithfulness"):
        is_number = heading in ("effect", "faithfulness")
        wraps = heading == "responds to"
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=not wraps)
    for reason in (*answer.reasons, *reversed(answer.against)):
        stated = "" if reason.faithfulness is None else f"{reason.faithfulness:.2f}"
        phrase = Text(reason.phrase or "no consistent description", style="" if reason.phrase else "dim")
        table.add_row(f"{reason.effect:+.3f}", str(reason.unit), phrase, stated)
    stdout.print(table)
