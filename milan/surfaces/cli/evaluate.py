"""`milan evaluate`: how good descriptions are."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars
from milan.surfaces.cli.evaluations import show_layer, show_planted
from milan.surfaces.cli.options import AsJson, CatalogIfAny, Seed, Workers

if TYPE_CHECKING:
    from milan.records import LayerEvaluation
    from milan.uses.evaluate import PlantedReport

__all__ = ["evaluate"]

CATALOG = "A catalog"
PLANTED = "Planted units"
_OF_CATALOG = frozenset({"images", "layer", "phrases", "simulator"})
_OF_PLANTED = frozenset({"captioner", "drawings", "scenes", "units"})


@answers_errors
def evaluate(
    context: typer.Context,
    catalog: CatalogIfAny = None,
    images: Annotated[
        Path | None,
        typer.Option(
            help="The folder that it was described from, to measure baselines too.", rich_help_panel=CATALOG
        ),
    ] = None,
    layer: Annotated[
        list[str] | None,
        typer.Option(help="Layer name or pattern (blocks.*); again for more.", rich_help_panel=CATALOG),
    ] = None,
    simulator: Annotated[
        str | None,
        typer.Option(help="Folder of the simulator that it was described with.", rich_help_panel=CATALOG),
    ] = None,
    phrases: Annotated[
        Path | None,
        typer.Option(help="Your own vocabulary that it was described with.", rich_help_panel=CATALOG),
    ] = None,
    planted: Annotated[
        bool,
        typer.Option(
            "--planted",
            help="Describe networks whose units are known by construction.",
            rich_help_panel=PLANTED,
        ),
    ] = False,
    units: Annotated[
        int,
        typer.Option(help="Units of the network by construction, 20 or more.", rich_help_panel=PLANTED),
    ] = 120,
    scenes: Annotated[
        int, typer.Option(help="Scenes that are drawn, 100 or more.", rich_help_panel=PLANTED)
    ] = 1500,
    captioner: Annotated[
        str, typer.Option(help="default, a trained folder, or hf:DIR_OR_ID.", rich_help_panel=PLANTED)
    ] = "default",
    drawings: Annotated[
        Path | None,
        typer.Option(
            help="Folder of another emoji set (1F34E.png, ...) to draw scenes with.",
            exists=True,
            rich_help_panel=PLANTED,
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the report as JSON.")] = None,
    workers: Workers = 2,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure descriptions: of a catalog, on images that chose no words; or against a known truth.

    milan evaluate units.db --images photos/
    milan evaluate --planted --output planted.json

    A catalog keeps its table: `milan evaluate units.db` shows it again.
    """
    _check_mode(context, planted)
    from milan.uses.evaluate import EvaluateOptions, PlantedOptions, evaluate_catalog, evaluate_planted

    reports: Sequence[LayerEvaluation | PlantedReport]
    show: Callable[[Any], None] = show_planted if planted else show_layer
    with progress_bars(quiet=as_json) as progress:
        if catalog is None or planted:
            known = PlantedOptions(units, scenes, seed, captioner, drawings, workers=workers)
            reports = evaluate_planted(known, progress=progress)
        else:
            asked = EvaluateOptions(
                tuple(layer or ()), images, simulator, phrases, seed=seed, workers=workers
            )
            reports = evaluate_catalog(catalog, asked, progress=progress)
    documents = [asdict(report) for report in reports]
    if output is not None:
        output.write_text(json.dumps(documents, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        note(f"report written to {output}")
    if as_json:
        print_json(documents)
        return
    for report in reports:
        show(report)


def _check_mode(context: typer.Context, planted: bool) -> None:
    """One of the two modes, and its own options; a catalog named by a variable gives way to --planted."""
    typed = {
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) is not None and source.name == "COMMANDLINE"
    }
    if planted and "catalog" in typed:
        raise UsageError("a catalog and --planted are two evaluations: give one of them")
    if not planted and context.params["catalog"] is None:
        raise UsageError("say what to evaluate: milan evaluate CATALOG, or milan evaluate --planted")
    strangers = sorted(typed & (_OF_CATALOG if planted else _OF_PLANTED))
    if strangers:
        belongs = "a catalog, not with --planted" if planted else "--planted, not with a catalog"
        raise UsageError(f"--{strangers[0]} goes with {belongs}; see milan evaluate --help")
