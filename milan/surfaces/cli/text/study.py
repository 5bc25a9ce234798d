"""`milan text study`: which cells and gates of a transliterator decide which letter."""

from pathlib import Path
from typing import Annotated

import typer

from milan.errors import BadSetting
from milan.surfaces.cli.console import answers_errors, note, print_json, progress_bars
from milan.surfaces.cli.options import AsJson, Seed

__all__ = ["study"]


@answers_errors
def study(
    text: Annotated[Path, typer.Argument(help="A sentence a line, in the language.", show_default=False)],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for study.json and pictures.", show_default=False)
    ],
    language: Annotated[str, typer.Option(help="Whose transliterator; hy ships.")] = "hy",
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Of the text it was trained on: only what it has not seen.")
    ] = False,
    sentences: Annotated[int, typer.Option(min=1, help="Take so many, by chance.")] = 5000,
    pair: Annotated[
        list[str] | None, typer.Option(help="Draw the diagram of input:output, as t:ծ; again for more.")
    ] = None,
    suffix: Annotated[str | None, typer.Option(help="Also find units that follow a suffix.")] = None,
    least: Annotated[int, typer.Option(min=1, help="Characters that a pair needs on both sides.")] = 300,
    bins: Annotated[int, typer.Option(min=2, help="Bins of a unit's histograms.")] = 1000,
    repeats: Annotated[int, typer.Option(min=1, help="Shufflings of the outputs for the null.")] = 20,
    top: Annotated[int, typer.Option(min=1, help="Units a direction.")] = 3,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Study the LSTM that turns Latin letters into a language's own: cells, gates, units and directions.

    milan text study text.txt --pair t:ծ --pair s:_ --suffix թյուն -o study/
    """
    from milan.records.files import read_lines
    from milan.surfaces.cli.text.tables import show_studied
    from milan.transliteration import Transliteration
    from milan.transliteration.corpus import split_lines
    from milan.uses.text.study import Sample, StudyOptions, document, write_report
    from milan.uses.text.study import study as study_sample

    transliteration = Transliteration.open(language)
    lines = [line for line in read_lines(text) if line.strip()]
    sample = Sample.of(split_lines(lines).test if held_out else lines, transliteration.rules, sentences, seed)
    drawn = tuple(_named(told) for told in pair or ())
    options = StudyOptions(least, bins, repeats, seed, suffix, drawn)
    with progress_bars(quiet=as_json) as bars:
        studied = study_sample(
            transliteration, sample, options, lambda done, total: bars("layers", done, total)
        )
    files = write_report(studied, output, drawn)
    if as_json:
        print_json(document(studied))
        return
    show_studied(studied, top)
    note(f"written: {', '.join(map(str, files))}")


def _named(pair: str) -> tuple[str, str]:
    read, colon, told = pair.partition(":")
    if not colon or not read or not told:
        raise BadSetting(f"a pair is input:output, like t:ծ, got {pair!r}")
    return read, told
