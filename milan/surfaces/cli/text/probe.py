"""`milan text probe`: which units know a property of words."""

from typing import TYPE_CHECKING, Annotated

import typer

from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, NetworkName, Seed
from milan.surfaces.cli.text.options import (
    ActivationFile,
    KeepIn,
    Listed,
    Pattern,
    Property,
    TagFile,
    TextLayers,
    WordFile,
    check_catalog,
    keep_in,
    read_tags,
    subject_of,
)

if TYPE_CHECKING:
    from milan.uses.text import Probed

__all__ = ["probe"]


@answers_errors
def probe(
    activations: ActivationFile,
    tags: TagFile = None,
    field: Property = "upos",
    pattern: Pattern = None,
    listed: Listed = None,
    words: WordFile = None,
    layer: TextLayers = None,
    least: Annotated[int, typer.Option(min=2, help="Leave out tags of fewer words.")] = 20,
    l1: Annotated[
        float | None,
        typer.Option(min=0, help="Strength of the elastic net. Default: chosen on held-out text."),
    ] = None,
    l2: Annotated[float, typer.Option(min=0, help="Its squared part.")] = 0.2,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Also train anew on the units that are kept.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(min=0, help="Train so often on permuted labels for rates of false findings (20).")
    ] = 0,
    seed: Seed = 0,
    catalog: KeepIn = None,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Rank units by what they know of a tag: linguistic correlation analysis, beside its baselines.

    milan text probe activations/ --tags en_ewt-ud-train.conllu --property Number
    """
    from milan.surfaces.cli.text.tables import show_probed
    from milan.texts import Activations
    from milan.uses.text import ProbeOptions, StudiedNetwork, probe_study, probe_words

    check_catalog(catalog)
    opened = Activations.open(activations, words)
    tagged = read_tags(opened, tags, field, pattern, listed)
    options = ProbeOptions(tuple(layer or ()), least, l1, l2, retrain, permutations, seed)
    with progress_bars(quiet=as_json) as bars:
        probed = probe_words(opened, tagged, options, bars)
    if catalog is not None:
        studied = probe_study(subject_of(tags, field, pattern, listed), tagged, options, probed)
        keep_in(catalog, StudiedNetwork.of_activations(activations, words, name), studied)
    for tag, n in probed.classes.left_out.items():
        note(f"left out: {tag!r}, of {n} words (--least {least})")
    if as_json:
        print_json(_document(probed))
    else:
        show_probed(probed)


def _document(probed: "Probed") -> dict[str, object]:
    rates = probed.false_discovery
    return {
        "classes": list(probed.classes.names),
        "left_out": probed.classes.left_out,
        "n_words": dict(zip(("train", "dev", "test"), probed.n_words, strict=True)),
        "penalty": probed.probe.penalty._asdict(),
        "accuracy": probed.accuracy._asdict(),
        "majority_of_word": probed.majority._asdict(),
        "over_majority": probed.over_majority._asdict(),
        "selectivity": probed.selectivity._asdict(),
        "kept": [
            {
                "which": kept.which,
                "n_units": kept.n_units,
                "masked": kept.masked._asdict(),
                "over_random": kept.over_random._asdict(),
                "retrained": kept.retrained and kept.retrained._asdict(),
            }
            for kept in probed.kept
        ],
        "with_signal": dict(zip(probed.classes.names, probed.with_signal, strict=True)),
        "units_at_quarter": dict(zip(probed.classes.names, probed.n_at_quarter(), strict=True)),
        "ranking": [
            {"unit": str(probed.units[unit])} | ({"false_discovery": rates[unit]} if rates else {})
            for unit in probed.ranking.order[: probed.ranking.n_ranked].tolist()
        ],
    }
