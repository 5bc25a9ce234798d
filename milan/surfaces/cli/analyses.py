"""Analyses as tables for people."""

from typing import TYPE_CHECKING

from milan.surfaces.cli.console import stdout

if TYPE_CHECKING:
    from milan.records import Figure
    from milan.uses.analyze import Analysis, AnalyzedUnit

__all__ = ["show_analysis"]

_BEST = 5
_OFF = {"zero": "switched off", "mean": "held at their mean"}


def show_analysis(analysis: "Analysis") -> None:
    """What each order costs beside random units of the same layers; then the units that matter most."""
    from rich.table import Table

    most = analysis.counts[-1]
    stdout.print(
        f"{analysis.network}: {analysis.n_units} described units of {', '.join(analysis.layers)}\n"
        f"right in {_share(analysis.accuracy)} of {analysis.n_drawn} images; "
        f"with {most} units {_OFF[analysis.set_to]}, in different orders:\n",
        markup=False,
    )
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("order")
    table.add_column("right", justify="right")
    table.add_column("chance", justify="right")
    table.add_column("lost more (95 %)", justify="right")
    table.add_column("matters")
    partly = []
    for result in analysis.orders:
        lost, verdict = result.comparison.lost, result.comparison.verdict
        if result.n_told_apart < most:
            partly.append(f"{result.order} {result.n_told_apart}")
        right, chance = (f"{curve[-1].value:.1%}" for curve in (result.curve, result.control))
        table.add_row(result.order, right, chance, _points(lost), str(verdict))
    table.add_row("random", f"{analysis.random[-1].value:.1%}", "", "", "any layer, for comparison")
    stdout.print(table)
    stdout.print(
        "\nchance: random units of the same layers. lost more: points of accuracy, averaged over the curve.",
        markup=False,
    )
    if partly:
        stdout.print(f"told apart by their words: {', '.join(partly)} units; the rest stand at random.")
    stdout.print(f"\nunits that cost most when switched off alone ({analysis.n_scored} other images):")
    for unit in analysis.units[:_BEST]:
        stdout.print(f"  {_unit(unit)}", markup=False)


def _unit(unit: "AnalyzedUnit") -> str:
    return f"{100 * unit.drop:5.1f} points  {unit.unit}  {unit.phrase}"


def _share(figure: "Figure") -> str:
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"


def _points(figure: "Figure") -> str:
    return " ".join([f"{100 * figure.value:.1f}", f"({100 * figure.low:.1f} {100 * figure.high:.1f})"])
