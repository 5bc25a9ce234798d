"""Analyses as tables for people."""

from typing import TYPE_CHECKING

from milan.surfaces.cli.console import stdout

if TYPE_CHECKING:
    from milan.records import Figure
    from milan.uses.analyze import Analysis, AnalyzedUnit

__all__ = ["show_analysis"]

_BEST = 5


def show_analysis(analysis: "Analysis") -> None:
    """What each order costs beside random units of the same layers; then the units that matter most."""
    from rich.table import Table

    most = analysis.counts[-1]
    stdout.print(
        f"{analysis.network}: {analysis.n_units} described units of {', '.join(analysis.layers)}\n"
        f"right in {_share(analysis.accuracy)} of {analysis.n_drawn} images with nothing switched off",
        markup=False,
    )
    table = Table(box=None, pad_edge=False)
    table.add_column("switched off first")
    table.add_column(f"right without {most}", justify="right")
    table.add_column("same layers, at random", justify="right")
    table.add_column("lost more, all points (95 %)", justify="right")
    table.add_column("that is")
    for result in analysis.orders:
        few = f" (the other {most - result.n_told_apart} at random)" if result.n_told_apart < most else ""
        table.add_row(
            f"{result.order}{few}",
            f"{result.curve[-1].value:.1%}",
            f"{result.control[-1].value:.1%}",
            _points(result.comparison.lost),
            str(result.comparison.verdict),
        )
    table.add_row("random units of any layer", f"{analysis.random[-1].value:.1%}", "", "", "")
    stdout.print(table)
    stdout.print(f"\nunits that cost most when switched off alone ({analysis.n_scored} other images):")
    for unit in analysis.units[:_BEST]:
        stdout.print(f"  {_unit(unit)}", markup=False)


def _unit(unit: "AnalyzedUnit") -> str:
    return f"{100 * unit.drop:+.1f} points lost  {unit.unit}  {unit.phrase}"


def _share(figure: "Figure") -> str:
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"


def _points(figure: "Figure") -> str:
    return f"{100 * figure.value:+.1f} ({100 * figure.low:+.1f} to {100 * figure.high:+.1f}) points"
