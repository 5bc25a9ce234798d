"""`milan text ablate`: quality against the number of units switched off."""

from pathlib import Path
from typing import Annotated

import typer

from milan.errors import BadSetting
from milan.surfaces.cli.console import answers_errors, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, NetworkName, Seed
from milan.surfaces.cli.text.options import (
    KeepIn,
    TranslatorFolder,
    check_catalog,
    keep_in,
    open_translator,
)

__all__ = ["ablate"]


@answers_errors
def ablate(
    learn: Annotated[
        Path, typer.Option(help="Sentences that units are ranked on, one a line.", show_default=False)
    ],
    test: Annotated[
        tuple[Path, Path], typer.Option(help="English and French text to measure on.", show_default=False)
    ],
    by: Annotated[
        str,
        typer.Option(
            help="The order: gaussian, lca, probeless, class_mean_z (number of nouns), or, with --against, "
            "maxcorr, mincorr, linreg, svcca."
        ),
    ] = "gaussian",
    against: Annotated[
        Path | None, typer.Option(help="Folder of another training of the same kind.", show_default=False)
    ] = None,
    translator: TranslatorFolder = None,
    layer: Annotated[
        str, typer.Option(help="encoder.1, what the decoder reads, or encoder.0.")
    ] = "encoder.1",
    units: Annotated[
        list[int] | None, typer.Option(min=1, help="Take away so many; again for more. Default: 5 to 64.")
    ] = None,
    random: Annotated[int, typer.Option(min=1, help="Draws of as many random units.")] = 3,
    seed: Seed = 0,
    catalog: KeepIn = None,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Switch off the first, the last and random units of an order: what BLEU and perplexity are left.

    milan text ablate --learn val.en --test test.en test.fr
    """
    from milan.ablation.text import TranslatorUnits
    from milan.records.files import read_lines
    from milan.surfaces.cli.text.tables import show_removed
    from milan.translation import read_parallel
    from milan.uses.text import AblateOptions, StudiedNetwork, ablate_study
    from milan.uses.text import ablate as ablate_units

    if by == "svcca" and catalog is not None:
        raise BadSetting("svcca takes away directions, which are no units: leave --catalog out")
    check_catalog(catalog)
    options = AblateOptions(layer, by, tuple(units or AblateOptions().counts), random, seed)
    opened = TranslatorUnits(open_translator(translator))
    other = None if against is None else TranslatorUnits(open_translator(against))
    sentences = [line for line in read_lines(learn) if line.strip()]
    text = read_parallel(*test)
    with progress_bars(quiet=as_json) as bars:
        ablated = ablate_units(
            opened, sentences, text, options, other, lambda done, total: bars("sets", done, total)
        )
    if catalog is not None:
        network = StudiedNetwork.of_translator(opened, translator, name)
        keep_in(catalog, network, ablate_study(options, text, ablated))
    if as_json:
        print_json(
            [
                {
                    "which": one.which,
                    "n": one.n,
                    "quality": {name: figure._asdict() for name, figure in one.quality.items()},
                    "lost": {name: figure._asdict() for name, figure in one.lost.items()},
                }
                for one in ablated.removed
            ]
        )
    else:
        show_removed(ablated.removed)
