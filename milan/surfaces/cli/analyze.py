"""`milan analyze`: which units matter."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from milan.surfaces.cli.analyses import show_analysis
from milan.surfaces.cli.console import note, print_json, progress_bars, resumable, stdout
from milan.surfaces.cli.network import open_asked
from milan.surfaces.cli.options import (
    AsJson,
    Classes,
    DatasetLimit,
    Device,
    ExistingCatalog,
    InputMean,
    InputSize,
    InputStd,
    LayerNames,
    Model,
    NetworkName,
    Seed,
    Weights,
    Workers,
)
from milan.surfaces.cli.parsing import shares

if TYPE_CHECKING:
    from milan.uses.analyze import Analysis

__all__ = ["analyze"]

CURVES = "Curves"


@resumable("scores and curves that were finished are in the cache")
def analyze(
    catalog: ExistingCatalog,
    model: Model,
    images: Annotated[Path, typer.Option(help="Labelled images: a folder for each class (DIR/class/*.jpg).")],
    classes: Classes = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for analysis.json, units.csv and curves.svg."),
    ] = None,
    layer: LayerNames = None,
    order: Annotated[
        list[str] | None,
        typer.Option(
            help="words, nouns, verbs, adjectives, prepositions, word-difference, faithfulness, concept, "
            "important, unimportant; again for more. Default: all that can be had.",
            rich_help_panel=CURVES,
        ),
    ] = None,
    concept: Annotated[
        str | None,
        typer.Option(help="Also order units by how close their words are to this.", rich_help_panel=CURVES),
    ] = None,
    fractions: Annotated[
        str,
        typer.Option(
            help="Shares of the described units to switch off: 0,0.05,0.1, or first-last/step.",
            rich_help_panel=CURVES,
        ),
    ] = "0-0.2/0.02",
    max_units: Annotated[
        int | None, typer.Option(help="Switch off at most so many units.", rich_help_panel=CURVES)
    ] = None,
    set_to: Annotated[
        Literal["mean", "zero"],
        typer.Option(
            help="Hold a unit that is off at zero, as the published curves do, or at its mean over images.",
            rich_help_panel=CURVES,
        ),
    ] = "zero",
    seeds: Annotated[
        int, typer.Option(help="Random orders of each kind, 5 or more.", rich_help_panel=CURVES)
    ] = 5,
    weights: Weights = None,
    name: NetworkName = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    limit: DatasetLimit = None,
    workers: Workers = 2,
    seed: Seed = 0,
    device: Device = "cpu",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="State units, runs and time; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Switch units off in many orders, and see which cost accuracy: by words, by measurement, by chance.

    milan analyze units.db torchvision:resnet50 --images val/ -o analysis/

    Each order is held against random units of the same layers. Killed at any moment, the same command goes on
    where it was.
    """
    from milan.ablation import SetTo
    from milan.catalog import Catalog
    from milan.datasets import Manifest, read_classes
    from milan.uses.analyze import AnalyzeOptions, analyze_network, plan_analysis, write_analysis

    Manifest.check(images)
    options = AnalyzeOptions(
        images,
        outputs=None if classes is None else read_classes(classes),
        name=name,
        layers=tuple(layer or ()),
        orders=tuple(order or ()),
        concept=concept,
        fractions=shares(fractions),
        max_units=max_units,
        set_to=SetTo(set_to),
        seeds=seeds,
        seed=seed,
        limit=limit,
        workers=workers,
    )
    with Catalog.open(catalog) as opened, progress_bars(quiet=as_json) as progress:
        network = open_asked(model, weights=weights, name=name, size=size, mean=mean, std=std, device=device)
        if dry_run:
            plan = plan_analysis(opened, network, options, progress)
            print_json(plan.as_dict()) if as_json else stdout.print("\n".join(plan.lines()))
            return
        analysis = analyze_network(opened, network, options, progress=progress)
    if output is not None:
        write_analysis(analysis, output)
    _answer(analysis, output, as_json=as_json)


def _answer(analysis: "Analysis", output: Path | None, *, as_json: bool) -> None:
    print_json(analysis.as_dict()) if as_json else show_analysis(analysis)
    for line in analysis.notes:
        note(line)
    if output is not None:
        note(f"curves.svg, curves.png, units.csv and analysis.json are in {output}")
