"""`milan text correlate`: which units other networks have too."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.errors import BadSetting
from milan.surfaces.cli.console import answers_errors, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, NetworkName
from milan.surfaces.cli.text.options import KeepIn, TextLayers, WordFile, check_catalog, keep_in

if TYPE_CHECKING:
    from milan.uses.text import Compared

__all__ = ["correlate"]


@answers_errors
def correlate(
    activations: Annotated[
        list[Path],
        typer.Argument(help="Two or more: the first is held against the others.", show_default=False),
    ],
    words: WordFile = None,
    layer: TextLayers = None,
    top: Annotated[int, typer.Option(min=1, help="Units to show.")] = 20,
    catalog: KeepIn = None,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Find the units of a network that other networks have too, on the same words.

    milan text correlate first/ second/ third/
    """
    from milan.surfaces.cli.text.tables import show_compared
    from milan.texts import Activations
    from milan.uses.text import StudiedNetwork, compare_networks, correlate_study

    check_catalog(catalog)
    networks = {path.name: Activations.open(path, words) for path in activations}
    if len(networks) < len(activations):
        raise BadSetting("two networks have the same file name: give each a name of its own")
    with progress_bars(quiet=as_json) as bars:
        compared = compare_networks(
            networks, tuple(layer or ()), lambda done, total: bars("words", done, total)
        )
    if catalog is not None:
        network = StudiedNetwork.of_activations(activations[0], words, name)
        keep_in(catalog, network, correlate_study(compared))
    if as_json:
        print_json(_document(compared))
    else:
        show_compared(compared, top)


def _document(compared: "Compared") -> dict[str, object]:
    matches = compared.matches
    return {
        "network": compared.network,
        "n_words": compared.n_words,
        "directions": {name: shared.correlation.tolist() for name, shared in compared.directions.items()},
        "units": [
            {
                "unit": str(unit),
                "matches": {
                    name: {
                        "unit": str(compared.units[name][int(matches.partner[row, number])]),
                        "correlation": float(matches.correlation[row, number]),
                        "linear_fit": float(compared.fit[row, number]),
                    }
                    for row, name in enumerate(matches.networks)
                },
                "by_position": float(compared.by_position.adjusted[number]),
                "by_token": float(compared.by_token.adjusted[number]),
            }
            for number, unit in enumerate(compared.units[compared.network])
        ],
    }
