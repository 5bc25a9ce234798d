"""`milan text extract`: activations of a text's words, to disk."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars, stdout
from milan.surfaces.cli.options import AsJson, Device, Weights
from milan.surfaces.cli.text.options import TextFile, TextModel

__all__ = ["extract"]

_SHOWN = 3


@answers_errors
def extract(
    model: TextModel,
    texts: TextFile,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for the activations.", show_default=False)
    ],
    layer: Annotated[
        list[str] | None,
        typer.Option(help="Only this layer; again for more. Default: those that milan text layers marks."),
    ] = None,
    subwords: Annotated[
        Literal["last", "first", "average"], typer.Option(help="Which tokens of a word speak for it.")
    ] = "last",
    batch_tokens: Annotated[int, typer.Option(min=1, help="Tokens that run together.")] = 2048,
    weights: Weights = None,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Write one activation a unit and word: a matrix a layer, with the words beside it.

    milan text extract hf:sentence-encoder/ --texts captions.txt -o activations/
    """
    from milan.extraction import ExtractOptions, extract_words
    from milan.networks.text import open_text_network
    from milan.texts import read_conllu, read_sentences

    text = read_conllu(texts).sentences if texts.suffix == ".conllu" else read_sentences(texts)
    network = open_text_network(model, weights=weights, device=device)
    options = ExtractOptions(tuple(layer or ()), subwords, batch_tokens)
    with progress_bars(quiet=as_json) as bars:
        extracted = extract_words(
            network, text, output, options, lambda done, total: bars("sentences", done, total)
        )
    for one in extracted.dropped[:_SHOWN]:
        note(f"sentence {one.sentence + 1}, word {one.position + 1} ({one.word!r}) {one.reason}")
    if len(extracted.dropped) > _SHOWN:
        note(f"{len(extracted.dropped)} words have no activations; {output}/extraction.json has them all")
    if as_json:
        print_json(
            {
                "folder": str(output),
                "n_words": extracted.n_words,
                "n_units": extracted.n_units,
                "dropped": [one._asdict() for one in extracted.dropped],
            }
        )
        return
    stdout.print(
        f"{output}: {extracted.n_words} words, {sum(extracted.n_units.values())} units of "
        f"{len(extracted.n_units)} layers, {len(extracted.dropped)} words dropped",
        markup=False,
    )
