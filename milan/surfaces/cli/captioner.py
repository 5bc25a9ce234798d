"""`milan captioner`: teach the captioner a domain of your own."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import print_json, progress_bars, resumable, stdout
from milan.surfaces.cli.options import AsJson, Seed

__all__ = ["captioner_app"]

captioner_app = typer.Typer(help="Train captioners.", no_args_is_help=True)


@captioner_app.callback()
def _group() -> None:
    """Train captioners of your own."""


@captioner_app.command()
@resumable("what the backbone read is kept, the training itself is not")
def train(
    samples: Annotated[
        Path,
        typer.Argument(
            help='JSON lines: {"image": ..., "mask": ..., "phrases": [...]}; see docs/captioner.md.',
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for the trained head.", show_default=False)
    ],
    base: Annotated[str, typer.Option(help="Head or folder to go on from, or none.")] = "default",
    backbone: Annotated[str, typer.Option(help="Backbone with --base none: lite0, lite1, lite2.")] = "lite1",
    steps: Annotated[int, typer.Option(min=1, help="Training steps.")] = 600,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Teach the captioner regions and phrases of your own domain.

    milan captioner train regions.jsonl -o my-captioner/

    Then: milan describe MODEL --captioner my-captioner/ --encoder my-captioner/ ...
    """
    from dataclasses import asdict

    from captioner.train import train_from_samples

    start = None if base == "none" else base
    with progress_bars(quiet=as_json) as progress:
        trained = train_from_samples(
            samples, output, base=start, backbone=backbone, steps=steps, seed=seed, report=progress
        )
    if as_json:
        print_json({"folder": str(output), "figures": [asdict(figures) for figures in trained.figures]})
        return
    stdout.print(f"{output}", markup=False)
    for figures in trained.figures:
        stdout.print(f"  {figures}", markup=False)
