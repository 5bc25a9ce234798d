"""`milan text ablate`: quality against the number of units switched off."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from milan.errors import BadSetting, DataError, UsageError
from milan.surfaces.cli.console import answers_errors, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, Device, NetworkName, Seed
from milan.surfaces.cli.text.options import (
    KeepIn,
    Picture,
    Property,
    TranslatorFolder,
    check_catalog,
    keep_in,
    open_translator,
)

if TYPE_CHECKING:
    from milan.texts import Tagged
    from milan.uses.text import Ablated, AblateOptions, StudiedNetwork

__all__ = ["ablate"]


@answers_errors
def ablate(
    learn: Annotated[
        Path,
        typer.Option(help="Sentences that units are ranked on: one a line, or .conllu.", show_default=False),
    ],
    model: Annotated[
        str | None,
        typer.Argument(
            help="A causal language model, hf:DIR_OR_ID. Without: a translator of milan.translation.",
            show_default=False,
        ),
    ] = None,
    test: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="English and French text to measure a translator on.", show_default=False),
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            help="Sentences to measure a language model on: one a line, or .conllu.", show_default=False
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            help="The order: gaussian, lca, probeless, class_mean_z (by number of nouns; of a language model "
            "by --property), or, with --against, maxcorr, mincorr, linreg, svcca."
        ),
    ] = "gaussian",
    field: Property = "upos",
    against: Annotated[
        str | None,
        typer.Option(
            help="Another training of the same kind: a translator's folder, or hf:DIR_OR_ID.",
            show_default=False,
        ),
    ] = None,
    translator: TranslatorFolder = None,
    layer: Annotated[
        str | None,
        typer.Option(help="Default: encoder.1, what the decoder reads; of a language model the last block."),
    ] = None,
    units: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Take away so many; again for more. Default: 2, 5, 10 and 25 %."),
    ] = None,
    random: Annotated[int, typer.Option(min=1, help="Draws of as many random units.")] = 3,
    seed: Seed = 0,
    plot: Picture = None,
    catalog: KeepIn = None,
    name: NetworkName = None,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Switch off the first, the last and random units of an order: what BLEU and perplexity are left.

    milan text ablate --learn val.en --test test.en test.fr

    milan text ablate hf:language-model/ --learn train.conllu --texts test.txt --layer layers.4
    """
    from milan.surfaces.cli.text.tables import show_removed
    from milan.uses.text import AblateOptions, ablate_study
    from milan.uses.text.plots import check_picture, draw_removed

    if by == "svcca" and catalog is not None:
        raise BadSetting("svcca takes away directions, which are no units: leave --catalog out")
    check_catalog(catalog)
    check_picture(plot)
    asked = AblateOptions(layer or "", by, tuple(units or ()), random, seed)
    with progress_bars(quiet=as_json) as bars:
        if model is None:
            done = _of_translator(translator, learn, test, against, asked, name, bars)
        else:
            done = _of_language_model(
                model, _tagged(learn, field, by), texts, against, asked, name, device, bars
            )
    if catalog is not None:
        keep_in(catalog, done.network(), ablate_study(done.options, done.text, done.ablated))
    if plot is not None:
        draw_removed(done.ablated.removed, plot)
    if as_json:
        print_json(
            [
                {
                    "which": one.which,
                    "n": one.n,
                    "quality": {name: figure._asdict() for name, figure in one.quality.items()},
                    "lost": {name: figure._asdict() for name, figure in one.lost.items()},
                }
                for one in done.ablated.removed
            ]
        )
    else:
        show_removed(done.ablated.removed)


class _Done(NamedTuple):
    ablated: "Ablated"
    options: "AblateOptions"
    text: Sequence[Sequence[str]]
    network: "Callable[[], StudiedNetwork]"


def _of_translator(
    folder: Path | None,
    learn: Path,
    test: tuple[Path, Path] | None,
    against: str | None,
    asked: "AblateOptions",
    name: str | None,
    bars: Callable[[str, int, int], None],
) -> _Done:
    from milan.ablation.text import TranslatorUnits
    from milan.translation import read_parallel
    from milan.uses.text import AblateOptions, StudiedNetwork
    from milan.uses.text import ablate as ablate_units

    if test is None:
        raise UsageError("say what a translator is measured on: --test ENGLISH FRENCH")
    usual = AblateOptions()
    options = replace(asked, layer=asked.layer or usual.layer, counts=asked.counts or usual.counts)
    opened = TranslatorUnits(open_translator(folder))
    other = None if against is None else TranslatorUnits(open_translator(Path(against)))
    sentences, text = _sentences(learn), read_parallel(*test)
    ablated = ablate_units(
        opened, sentences, text, options, other, lambda done, total: bars("sets", done, total)
    )
    return _Done(ablated, options, text, lambda: StudiedNetwork.of_translator(opened, folder, name))


def _of_language_model(
    model: str,
    learn: "Tagged",
    texts: Path | None,
    against: str | None,
    asked: "AblateOptions",
    name: str | None,
    device: str,
    bars: Callable[[str, int, int], None],
) -> _Done:
    from milan.networks.text import open_text_network
    from milan.texts import read_annotated
    from milan.uses.text import StudiedNetwork, ablate_language_model

    if texts is None:
        raise UsageError("say what a language model is measured on: --texts FILE")
    text = read_annotated(texts).sentences.each()
    opened = open_text_network(model, name=name, device=device)
    other = None if against is None else open_text_network(against, device=device)
    options = replace(asked, layer=asked.layer or opened.chosen()[-1].name)
    ablated = ablate_language_model(opened, learn, text, options, other, bars)
    return _Done(ablated, options, text, lambda: StudiedNetwork.of_network(opened))


def _sentences(path: Path) -> list[str]:
    from milan.records.files import read_lines

    found = [line for line in read_lines(path) if line.strip()]
    if not found:
        raise DataError(f"{path} has no sentence to rank units on")
    return found


def _tagged(path: Path, field: str, by: str) -> "Tagged":
    """Words with the tags that a ranker needs; an order by another network needs none."""
    from milan.texts import Tagged, read_conllu, read_sentences
    from milan.uses.text import SHARED

    if by not in SHARED:
        if path.suffix != ".conllu":
            raise UsageError(
                f"{by} ranks units by tags: --learn a .conllu file, or hold the network --against another"
            )
        return read_conllu(path, field)
    sentences = read_conllu(path).sentences if path.suffix == ".conllu" else read_sentences(path)
    return Tagged(sentences, (None,) * len(sentences))
