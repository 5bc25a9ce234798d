"""Edits as tables on a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING

from milan.surfaces.cli.console import note, stdout

if TYPE_CHECKING:
    from milan.records import Figure
    from milan.uses.edit import EditPlan, EditReport, TestedSet

__all__ = ["show_edit", "show_plan"]


def show_plan(plan: "EditPlan") -> None:
    """Units that answer to the queries, with their words; then what would be done with them."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("unit", "description", "found by", "score", "faithfulness"):
        is_number = heading in ("score", "faithfulness")
        wraps = heading == "description"
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=not wraps)
    for answer in plan.candidates.answers:
        stated = "" if answer.faithfulness is None else f"{answer.faithfulness:.2f}"
        table.add_row(str(answer.unit), Text(answer.phrase), answer.how, f"{answer.score:.2f}", stated)
    stdout.print(table)
    stdout.print("\n" + "\n".join(plan.lines()), markup=False)
    note("nothing was switched off, and no test image looked at")


def show_edit(report: "EditReport", output: Path | None) -> None:
    """What was switched off, and what that did to each test set."""
    chosen = report.chosen
    stdout.print(
        f"{len(chosen.units)} of {chosen.n_candidates} candidates switched off; clean validation images "
        f"{_percent(chosen.clean_before)} before, {_percent(chosen.clean_after)} after"
    )
    for unit in chosen.units[:10]:
        stdout.print(f"  {unit}  {chosen.answers[unit].phrase}", markup=False)
    if len(chosen.units) > 10:
        stdout.print(f"  and {len(chosen.units) - 10} more")
    for tested in report.sets:
        _show_set(tested)
    if output is not None:
        note(f"the edited network opens as edited:{output}; milan undo {output} gives the old weights back")


def _show_set(tested: "TestedSet") -> None:
    from rich.table import Table

    stdout.print(
        f"\n[bold]{tested.name}[/], {len(tested.paths)} images: {_percent(tested.before)} before, "
        f"{_percent(tested.after)} after, change {_percent(tested.change, sign=True)}"
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("switched off", "units", "accuracy", "edit better by"):
        table.add_column(heading, justify="right" if heading == "units" else "left", no_wrap=True)
    for arm in tested.arms:
        better = "" if arm.difference is None else _percent(arm.difference, sign=True)
        table.add_row(arm.name, str(arm.n_units), _percent(arm.accuracy), better)
    if tested.retrained is not None:
        table.add_row("nothing, but DFR", "", _percent(tested.retrained.accuracy), "")
    stdout.print(table)


def _percent(figure: "Figure", *, sign: bool = False) -> str:
    form = "{:+.1%} ({:+.1%} to {:+.1%})" if sign else "{:.1%} ({:.1%} to {:.1%})"
    return form.format(figure.value, figure.low, figure.high)
