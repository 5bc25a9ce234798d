"""`milan text distances`: which units decide between outputs of one input."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.surfaces.cli.console import answers_errors, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, NetworkName, Seed
from milan.surfaces.cli.text.options import (
    ActivationFile,
    KeepIn,
    TextLayers,
    WordFile,
    check_catalog,
    keep_in,
)

if TYPE_CHECKING:
    from milan.uses.text import Decided

__all__ = ["distances"]


@answers_errors
def distances(
    activations: ActivationFile,
    symbols: Annotated[
        Path,
        typer.Argument(
            help="Lines of input<tab>right output, an empty line between texts.", show_default=False
        ),
    ],
    words: WordFile = None,
    layer: TextLayers = None,
    least: Annotated[int, typer.Option(min=1, help="Positions that a pair needs on both sides.")] = 300,
    bins: Annotated[int, typer.Option(min=2, help="Bins of a unit's histograms.")] = 1000,
    repeats: Annotated[int, typer.Option(min=1, help="Shufflings of the outputs for the null.")] = 20,
    top: Annotated[int, typer.Option(min=1, help="Units a pair.")] = 5,
    seed: Seed = 0,
    catalog: KeepIn = None,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Hold each unit's activations where an input becomes one output against those where it becomes another.

    milan text distances activations/ symbols.tsv
    """
    from milan.surfaces.cli.text.tables import show_decided
    from milan.texts import Activations, read_tagged
    from milan.uses.text import DistanceOptions, StudiedNetwork, decide, distance_study

    check_catalog(catalog)
    options = DistanceOptions(tuple(layer or ()), least, bins, repeats, seed)
    opened, tagged = Activations.open(activations, words), read_tagged(symbols)
    with progress_bars(quiet=as_json) as bars:
        decided = decide(opened, tagged, options, lambda done, total: bars("units", done, total))
    if catalog is not None:
        studied = distance_study(symbols.stem, tagged, options, decided)
        keep_in(catalog, StudiedNetwork.of_activations(activations, words, name), studied)
    if as_json:
        print_json(_document(decided, top))
    else:
        show_decided(decided, top)


def _document(decided: "Decided", top: int) -> list[dict[str, object]]:
    table = decided.table
    expected, chance = table.expected, table.chance
    return [
        {
            "input": read,
            "output": told,
            "n": int(table.n_is[number]),
            "n_other": int(table.n_other[number]),
            "units": [
                {
                    "unit": str(decided.units[unit]),
                    "distance": float(table.distance[number, unit]),
                    "by_chance": float(expected[number, unit]),
                    "chance": float(chance[number, unit]),
                }
                for unit in table.units_of(number)[:top].tolist()
            ],
        }
        for number, (read, told) in enumerate(decided.symbols)
    ]
