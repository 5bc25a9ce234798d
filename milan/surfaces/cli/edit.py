"""`milan edit`: switch units off by what they are said to be about, and prove what that changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars
from milan.surfaces.cli.edits import show_edit, show_plan
from milan.surfaces.cli.network import open_asked
from milan.surfaces.cli.options import (
    AsJson,
    Classes,
    Device,
    ExistingCatalog,
    InputMean,
    InputSize,
    InputStd,
    Model,
    Weights,
    Workers,
)
from milan.surfaces.cli.parsing import named_folders

__all__ = ["edit"]

DATA = "Images, in a folder for each class"


@answers_errors
def edit(
    catalog: ExistingCatalog,
    model: Model,
    query: Annotated[
        list[str], typer.Option(help="What the units to switch off are about, such as text; again for more.")
    ],
    validation: Annotated[
        Path,
        typer.Option(
            help="As your training images are, bias and all: orders the candidates.", rich_help_panel=DATA
        ),
    ],
    clean: Annotated[
        Path, typer.Option(help="Without the bias: says how many units may go.", rich_help_panel=DATA)
    ],
    test: Annotated[
        list[str],
        typer.Option(help="NAME=DIR of a test set, looked at last; again for more.", rich_help_panel=DATA),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A new folder for the edited network.")
    ] = None,
    classes: Classes = None,
    layer: Annotated[
        list[str] | None, typer.Option("--layer", help="Only units of this described layer; again for more.")
    ] = None,
    rule: Annotated[
        Literal["specific", "least", "most"],
        typer.Option(
            help="Which candidates go first: those that validation images with the concept need and others "
            "do not; or those that all of them need least, or most."
        ),
    ] = "specific",
    set_to: Annotated[
        Literal["mean", "zero"],
        typer.Option(help="Hold a unit that is off at its mean over images without the concept, or at zero."),
    ] = "mean",
    max_units: Annotated[
        int | None, typer.Option(min=1, help="Switch off at most so many. Default: 64.")
    ] = None,
    loss: Annotated[float, typer.Option(help="Share of the clean images that may be lost.")] = 0.01,
    seeds: Annotated[int, typer.Option(min=2, help="Random orders of each control.")] = 5,
    held_back: Annotated[
        bool, typer.Option("--held-back", help="Count words that were held back as unfaithful too.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Check everything, list the candidates, say what would be done; do nothing."
        ),
    ] = False,
    weights: Weights = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    workers: Workers = 2,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Switch off units by their descriptions, and test that against honest controls.

    milan edit units.db torchvision:resnet18 --weights mine.safetensors --query text
    --validation val/ --clean clean/ --test adversarial=adv/ -o without-text

    Exactly the weights that the catalog describes are needed. `milan undo without-text` gives them back.
    """
    from milan.ablation import SetTo
    from milan.catalog import Catalog
    from milan.datasets import read_classes
    from milan.uses.edit import EditData, EditOptions, EditPlan, EditReport, Rule, edit_network, plan_edit

    if output is None and not dry_run:
        raise UsageError("say where the edited network is to be written, -o DIR, or only look: --dry-run")
    options = EditOptions(
        queries=tuple(query),
        layers=tuple(layer or ()),
        rule=Rule(rule),
        set_to=SetTo(set_to),
        max_units=max_units,
        loss=loss,
        seeds=seeds,
        held_back=held_back,
    )
    data = EditData(validation, clean, named_folders(test), read_classes(classes) if classes else None)
    data.check()
    with Catalog.open(catalog) as opened, progress_bars(quiet=as_json) as progress:
        network = open_asked(model, weights=weights, size=size, mean=mean, std=std, device=device)
        work: Callable[..., EditPlan | EditReport] = plan_edit if dry_run else edit_network
        answer = work(network, opened, data, options, output, workers=workers, progress=progress)
    for line in answer.notes:
        note(line)
    if as_json:
        print_json(answer.as_dict())
    elif isinstance(answer, EditPlan):
        show_plan(answer)
    else:
        show_edit(answer, output)
