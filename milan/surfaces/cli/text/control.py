"""`milan text control`: units set so that a translation's nouns change number."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from milan.surfaces.cli.console import answers_errors, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, NetworkName, Seed
from milan.surfaces.cli.text.options import (
    KeepIn,
    Picture,
    TranslatorFolder,
    check_catalog,
    keep_in,
    open_translator,
)

if TYPE_CHECKING:
    from milan.uses.text.control import Controlled, ControlReport

__all__ = ["control"]


@answers_errors
def control(
    learn: Annotated[
        Path, typer.Option(help="Sentences that values are learnt from, one a line.", show_default=False)
    ],
    validation: Annotated[
        tuple[Path, Path], typer.Option(help="English and French text to choose on.", show_default=False)
    ],
    test: Annotated[
        tuple[Path, Path], typer.Option(help="English and French text to measure on.", show_default=False)
    ],
    translator: TranslatorFolder = None,
    layer: Annotated[
        str, typer.Option(help="encoder.1, what the decoder reads, or encoder.0.")
    ] = "encoder.1",
    ranker: Annotated[
        str, typer.Option(help="How units are ranked: gaussian, lca, probeless, class_mean_z, ...")
    ] = "gaussian",
    units: Annotated[
        list[int] | None, typer.Option(min=1, help="Try so many; again for more. Default: 5 to 256.")
    ] = None,
    b: Annotated[
        list[float] | None,
        typer.Option("--b", help="Try mu_to + b (mu_to - mu_from); again for more. Default: 0, 1, 2."),
    ] = None,
    way: Annotated[
        Literal["set", "shift"],
        typer.Option(help="set: to a value, as published; shift: by as much, from where each word is."),
    ] = "shift",
    nouns_alone: Annotated[
        bool, typer.Option("--nouns-alone", help="Leave the words before a noun (a small ...) as they are.")
    ] = False,
    most_lost: Annotated[float, typer.Option(min=0, help="BLEU that the chosen setting may lose.")] = 2.0,
    random: Annotated[int, typer.Option(min=1, help="Draws of as many random units.")] = 3,
    seed: Seed = 0,
    plot: Picture = None,
    catalog: KeepIn = None,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Turn singular nouns into plural ones and back, inside the network; success and quality lost, together.

    milan text control --learn train.en --validation val.en val.fr --test test.en test.fr
    """
    from milan.ablation.text import TranslatorUnits
    from milan.records.files import read_lines
    from milan.surfaces.cli.text.tables import show_controlled
    from milan.translation import read_parallel
    from milan.uses.text import StudiedNetwork, control_study
    from milan.uses.text.control import ControlOptions, control_number
    from milan.uses.text.plots import check_picture, draw_controlled

    check_catalog(catalog)
    check_picture(plot)
    usual = ControlOptions()
    options = ControlOptions(
        layer,
        ranker,
        way,
        not nouns_alone,
        tuple(units or usual.counts),
        tuple(b or usual.factors),
        most_lost,
        random,
        seed,
    )
    opened = TranslatorUnits(open_translator(translator))
    sentences = [line for line in read_lines(learn) if line.strip()]
    chosen_on, measured_on = read_parallel(*validation), read_parallel(*test)
    with progress_bars(quiet=as_json) as bars:
        report = control_number(
            opened,
            sentences,
            chosen_on,
            measured_on,
            options,
            lambda done, total: bars("settings", done, total),
        )
    if catalog is not None:
        network = StudiedNetwork.of_translator(opened, translator, name)
        keep_in(catalog, network, control_study(measured_on, report))
    if plot is not None:
        draw_controlled(report, plot)
    if as_json:
        print_json(_document(report))
    else:
        show_controlled(report)


def _document(report: "ControlReport") -> dict[str, object]:
    return {
        "layer": report.options.layer,
        "ranker": report.options.ranker,
        "way": report.options.way,
        "phrase": report.options.phrase,
        "units": list(report.first_units),
        "agreement_of_the_rules": report.agreement._asdict(),
        "n_nouns": {str(number): n for number, n in report.n_nouns.items()},
        "bleu": report.bleu._asdict(),
        "tried": [_setting(one) for one in report.tried],
        "chosen": _setting(report.chosen),
        "random": _setting(report.random),
    }


def _setting(one: "Controlled") -> dict[str, object]:
    return {
        "n_units": one.n_units,
        "b": one.b,
        "success": one.success._asdict(),
        "agreeing": one.agreeing._asdict(),
        **{f"success_to_{number}": figure._asdict() for number, figure in one.to.items()},
        "lost": one.lost._asdict(),
        "spilled": one.spilled._asdict(),
        "bleu": one.bleu._asdict(),
        "bleu_lost": one.bleu_lost._asdict(),
    }
