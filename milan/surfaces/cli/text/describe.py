"""`milan describe --texts`: the part of the command that is about networks that read text."""

from contextlib import ExitStack
from pathlib import Path
from typing import Literal, NamedTuple

import typer

from milan.errors import UsageError
from milan.places import CatalogPlace
from milan.surfaces.cli.console import ExitCode, note, print_json, progress_bars, stdout
from milan.surfaces.cli.parsing import unit_set

__all__ = ["TextWords", "describe_text"]


class TextWords(NamedTuple):
    """How phrases are chosen."""

    lambda_: float
    select: Literal["range", "pmi"]
    seed: int


def describe_text(
    model: str,
    texts: Path,
    catalog: CatalogPlace,
    *,
    limit: int | None,
    layers: list[str] | None,
    units: str | None,
    name: str | None,
    weights: Path | None,
    device: str,
    top: int,
    quantile: float,
    words: TextWords | None,
    explainer: str | None,
    fresh: bool,
    as_json: bool,
) -> None:
    """Describe the units of a text network, or those of matrices [word, unit], and say what was done."""
    from milan.catalog import Catalog
    from milan.describe.text import TextSettings
    from milan.exemplars import SpanSettings
    from milan.explainers import ExplainSettings, LanguageModel
    from milan.networks.text import open_text_network
    from milan.texts import read_annotated
    from milan.uses.text import TextOptions, TextSource, describe_texts, read_by

    if explainer is not None and words is None:
        raise UsageError("--explainer writes words: leave out --exemplars-only")
    if limit is not None and Path(model).exists():
        raise UsageError("--limit cuts a text before a network reads it: activations are described whole")
    Catalog.check(catalog)
    text = read_annotated(texts)
    if limit is not None:
        text = text.head(limit)
    options = TextOptions(
        layers=tuple(layers or ()),
        units=unit_set(units),
        spans=SpanSettings(top, quantile),
        words=None if words is None else TextSettings(**words._asdict()),
        explainer=None if explainer is None else LanguageModel.open(explainer, device),
        free_text=ExplainSettings() if words is None else ExplainSettings(words.lambda_, seed=words.seed),
        fresh=fresh,
    )
    with progress_bars(quiet=as_json) as bars, ExitStack() as kept:
        if Path(model).exists():
            source = TextSource.open(Path(model), texts, name)
        else:
            network = open_text_network(model, weights=weights, name=name, device=device)
            reads = read_by(
                network, text.sentences, options.layers, lambda done, total: bars("sentences", done, total)
            )
            source = kept.enter_context(reads)
        summary = describe_texts(source, text, catalog, options, progress=bars, say=note)
    print_json(summary.as_dict()) if as_json else stdout.print("\n".join(summary.lines()), markup=False)
    if summary.n_failed:
        raise typer.Exit(ExitCode.SOME_UNITS_FAILED)
