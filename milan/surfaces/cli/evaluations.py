"""Evaluations as tables for people."""

from typing import TYPE_CHECKING

from milan.surfaces.cli.console import stdout

if TYPE_CHECKING:
    from rich.table import Table

    from milan.records import Figure, LayerEvaluation
    from milan.uses.evaluate import PlantedReport, Way

__all__ = ["show_layer", "show_planted"]


_ASKED = {
    "images": "give the folder that it was described from with --images",
    "words": "run milan describe again with the same text",
}


def show_layer(evaluation: "LayerEvaluation") -> None:
    """One layer of a catalog: what predicts its units how well, then what else is known."""
    stdout.print(f"{evaluation.network}/{evaluation.layer}", style="bold", markup=False)
    if evaluation.predictors:
        stdout.print(_predictors(evaluation))
    lines = [
        f"units with words: {evaluation.n_units}, in {evaluation.n_images} {_measured_in(evaluation)}",
        f"nothing said of: {_figure(evaluation.abstained)}",
        f"different phrases: {evaluation.distinct:.2f}",
    ]
    if evaluation.auroc is not None:
        lines.append(f"right against shuffled, AUROC: {_figure(evaluation.auroc)}")
    if evaluation.retrieved is not None:
        rivals = f"own unit among the ten best of {evaluation.n_rivals}"
        lines.append(f"{rivals}: {_figure(evaluation.retrieved)}")
    lines += [
        f"{level.shuffled:.0%} of shuffled reach {level.correlation:.2f}, {level.right:.0%} of right ones"
        for level in evaluation.levels
    ]
    if not evaluation.read_pictures:
        lines.append(f"baselines: {_ASKED[evaluation.measured_in]}")
    stdout.print("\n".join(lines) + "\n", markup=False)


def show_planted(report: "PlantedReport") -> None:
    """Shares of planted units whose truth is named, by group and way, and what the first way gains."""
    from rich.table import Table

    groups = [scores.group for scores in report.ways[0].scores]
    table = Table(
        title=f"{report.network}: share of units whose truth is named (95 % interval), {report.voice}",
        box=None,
        pad_edge=False,
        title_justify="left",
    )
    for heading in ("units", "n", *(way.name for way in report.ways)):
        table.add_column(heading, justify="left" if heading == "units" else "right")
    for group in groups:
        cells = [way.of(group) for way in report.ways]
        n_units = next(cell.n_units for cell in cells if cell is not None)
        table.add_row(group, str(n_units), *(_figure(cell.named if cell else None) for cell in cells))
    table.add_section()
    for label, name in (("own unit first", "top1"), ("own unit in 10", "top10")):
        table.add_row(label, "", *(_figure(getattr(way, name)) for way in report.ways))
    table.add_row("cosine, live", "", *(_cosine(way) for way in report.ways))
    stdout.print(table)
    stdout.print("")
    for gain in report.gains:
        stdout.print(f"{gain.of} over {gain.over}, {gain.figure}: {_figure(gain.difference)}", markup=False)
    if report.faithfulness is not None:
        stdout.print("")
        show_layer(report.faithfulness)
    stdout.print(f"{report.seconds:.0f} s\n")


def _predictors(evaluation: "LayerEvaluation") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    by = "" if evaluation.simulator is None else f" measured by {evaluation.simulator}"
    table.add_column(f"correlation (95 % interval){by}")
    of_text = evaluation.measured_in == "words"  # of a word, mean and peak are one
    for heading in (*(["activation"] if of_text else ["mean activation", "peak activation"]), "units"):
        table.add_column(heading, justify="right")
    for row in evaluation.predictors:
        words = f'{row.words}: "{row.phrase}"' if row.phrase else str(row.words)
        figures = [_figure(figure, 3) for figure in ([row.mean] if of_text else [row.mean, row.peak])]
        table.add_row(Text(words), *figures, str(row.n_units))
    return table


def _measured_in(evaluation: "LayerEvaluation") -> str:
    """What measured a layer."""
    if evaluation.measured_in == "words":
        return "words of sentences that chose none of them"
    return f"{evaluation.measured_in} that chose none of them"


def _cosine(way: "Way") -> str:
    live = way.of("live")
    return _figure(live.cosine if live else None)


def _figure(figure: "Figure | None", digits: int = 2) -> str:
    if figure is None:
        return "-"
    value, low, high = (f"{part:.{digits}f}" for part in figure)
    return f"{value} ({low} {high})"
