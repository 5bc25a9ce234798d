"""`milan evaluate`: how good descriptions are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars, stdout
from milan.surfaces.cli.options import AsJson, Seed, Workers

if TYPE_CHECKING:
    from milan.records import Figure
    from milan.uses.evaluate import PlantedReport, Way

__all__ = ["evaluate"]


@answers_errors
def evaluate(
    planted: Annotated[
        bool, typer.Option("--planted", help="Describe networks whose units are known by construction.")
    ] = False,
    units: Annotated[int, typer.Option(help="Units of the network by construction, 20 or more.")] = 120,
    images: Annotated[int, typer.Option(help="Scenes that are drawn, 100 or more.")] = 1500,
    captioner: Annotated[str, typer.Option(help="default, a trained folder, or hf:DIR_OR_ID.")] = "default",
    drawings: Annotated[
        Path | None,
        typer.Option(help="Folder of another emoji set (1F34E.png, ...) to draw scenes with.", exists=True),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the report as JSON.")] = None,
    workers: Workers = 2,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure how often descriptions name a known truth.

    milan evaluate --planted --output planted.json
    """
    if not planted:
        raise UsageError("say what to evaluate: milan evaluate --planted")
    from milan.uses.evaluate import PlantedOptions, evaluate_planted

    options = PlantedOptions(
        n_units=units, n_images=images, seed=seed, captioner=captioner, drawings=drawings, workers=workers
    )
    with progress_bars(quiet=as_json) as progress:
        reports = evaluate_planted(options, progress=progress)
    documents = [report.as_dict() for report in reports]
    if output is not None:
        output.write_text(json.dumps(documents, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        note(f"report written to {output}")
    if as_json:
        print_json(documents)
        return
    for report in reports:
        _show(report)


def _show(report: "PlantedReport") -> None:
    from rich.table import Table

    groups = [scores.group for scores in report.ways[0].scores]
    table = Table(
        title=f"{report.network}: share of units whose truth is named (95 % interval), {report.voice}",
        box=None,
        pad_edge=False,
        title_justify="left",
    )
    for heading in ("units", "n", *(way.name for way in report.ways)):
        table.add_column(heading, justify="left" if heading == "units" else "right")
    for group in groups:
        cells = [way.of(group) for way in report.ways]
        n_units = next(cell.n_units for cell in cells if cell is not None)
        table.add_row(group, str(n_units), *(_figure(cell.named if cell else None) for cell in cells))
    table.add_section()
    for label, name in (("own unit first", "top1"), ("own unit in 10", "top10")):
        table.add_row(label, "", *(_figure(getattr(way, name)) for way in report.ways))
    table.add_row("cosine, live", "", *(_cosine(way) for way in report.ways))
    stdout.print(table)
    stdout.print("")
    for gain in report.gains:
        stdout.print(f"gain over {gain.over}, {gain.figure}: {_figure(gain.difference)}", markup=False)
    stdout.print(f"{report.seconds:.0f} s\n")


def _cosine(way: "Way") -> str:
    live = way.of("live")
    return _figure(live.cosine if live else None)


def _figure(figure: "Figure | None") -> str:
    if figure is None:
        return "-"
    return f"{figure.value:.2f} ({figure.low:.2f} {figure.high:.2f})"
