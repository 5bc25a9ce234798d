"""`milan compare`: which units two networks share, and which one lost or has anew."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, Seed
from milan.surfaces.cli.parsing import layer_pairs

__all__ = ["compare"]

_A_NETWORK = "CATALOG, or CATALOG:NETWORK where it holds several."


@answers_errors
def compare(
    first: Annotated[str, typer.Argument(help=_A_NETWORK, show_default=False)],
    second: Annotated[str, typer.Argument(help=_A_NETWORK, show_default=False)],
    layer: Annotated[
        list[str] | None, typer.Option(help="Layer of both; again for more. Default: all they share.")
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(help="Layers of unlike names, such as layer4=blocks.6; again for more."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write a page with the units side by side.")
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Find the units that two networks, or two states of one, share on the same images or text.

    milan compare before.db after.db -o compare.html
    """
    from contextlib import ExitStack

    from milan.catalog import Catalog
    from milan.describe import embed_phrases
    from milan.surfaces.cli.comparisons import show_comparison
    from milan.uses.compare import Address, Subject, compare_networks, write_comparison

    pairs = layer_pairs(pair or ())
    chosen = [[*(layer or ()), *side] for side in (zip(*pairs, strict=True) if pairs else ((), ()))]
    with ExitStack() as stack:
        opened: dict[str, Catalog] = {}
        subjects = []
        for text, layers in zip((first, second), chosen, strict=True):
            address = Address.parse(text)
            if address.catalog not in opened:
                opened[address.catalog] = stack.enter_context(Catalog.open(address.catalog))
            catalog = opened[address.catalog]
            subjects.append(Subject.of(catalog, address.network, layers, embed_phrases))
        with progress_bars(quiet=as_json) as progress:
            found = compare_networks(subjects[0], subjects[1], pairs, progress=progress, seed=seed)
        for line in found.notes:
            note(line)
        if output is not None:
            write_comparison(found, subjects[0], subjects[1], output)
            note(f"page written to {output}")
    if as_json:
        print_json(found.as_dict())
    else:
        show_comparison(found)
