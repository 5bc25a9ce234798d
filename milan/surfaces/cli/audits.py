"""Audits as tables for people."""

from typing import TYPE_CHECKING

from milan.surfaces.cli.console import note, stdout

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from milan.uses.audit import AuditedCatalog, AuditReport, Change

__all__ = ["show_audit"]

_NAMED = 3
_FEWEST_LETTERS = 16
"""Of the surest phrases, which get what room the other columns leave."""


def show_audit(report: "AuditReport") -> None:
    """Each catalog's answers layer by layer; of two what changed, of more all counts side by side."""
    for catalog in report.catalogs[: None if len(report.catalogs) <= 2 else 0]:
        if len(report.catalogs) > 1:
            stdout.print(catalog.name, style="bold", markup=False)
        if any(found.n for found in catalog.found):
            stdout.print(_answers(catalog))
            stdout.print("")
        if not catalog.knows_chance:
            note(
                f"{catalog.name}: how surely is not known (described by an older milan, or on fewer than 200 "
                "measured images)"
            )
    if report.changes:
        before, after = (catalog.name for catalog in report.catalogs)
        stdout.print(f"from {before} to {after}", style="bold", markup=False)
        stdout.print(_changes(report))
        stdout.print("change: percent of units (95 %). p: Fisher's exact test, corrected (Holm).\n")
    elif len(report.catalogs) > 2:
        stdout.print(_totals(report))
    if report.unanswered:
        stdout.print(f"nothing answers to: {', '.join(report.unanswered)}", markup=False)


def _answers(catalog: "AuditedCatalog") -> "Table":
    headings = ("concept", "layer", "units", "of", "surely", "by chance")
    one_network = len({layer.network for layer in catalog.layers}) == 1
    rows = [
        _texts(
            found.concept,
            found.layer.name if one_network else f"{found.layer.network}/{found.layer.name}",
            found.n,
            found.layer.n_units,
            "-" if found.n_sure is None else found.n_sure,
            "-" if found.expected_false is None else f"{found.expected_false:.1f}",
            ", ".join(dict.fromkeys(answer.answer.phrase for answer in found.answers[:_NAMED])),
        )
        for found in catalog.found
        if found.n
    ]
    table = _table(*headings, left=(0, 1))
    table.add_column("surest", no_wrap=True)
    taken = sum(
        max(len(cell) for cell in (heading, *cells)) + 2
        for heading, *cells in zip(headings, *rows, strict=False)
    )
    for row in rows:
        row[-1].truncate(max(stdout.width - taken, _FEWEST_LETTERS), overflow="ellipsis")
        table.add_row(*row)
    return table


def _changes(report: "AuditReport") -> "Table":
    table = _table("concept", "layer", "before", "after", "change", "p", "", left=(0, 1, 6))
    for change in report.changes:
        if change.first[0] or change.second[0]:
            table.add_row(*_texts(*_row(change)))
    return table


def _row(change: "Change") -> tuple[object, ...]:
    value, low, high = (f"{round(100 * bound):+d}" for bound in change.difference)
    return (
        change.concept,
        change.layer or "all",
        "{}/{}".format(*change.first),
        "{}/{}".format(*change.second),
        f"{value} ({low} {high})",
        f"{change.corrected:.2g}",
        change.verdict,
    )


def _totals(report: "AuditReport") -> "Table":
    table = _table("concept", *(catalog.name for catalog in report.catalogs), left=(0,))
    for concept in report.questions.concepts:
        table.add_row(*_texts(concept.name, *(catalog.count(concept.name) for catalog in report.catalogs)))
    return table


def _table(*headings: str, left: tuple[int, ...]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="left" if place in left else "right", overflow="fold")
    return table


def _texts(*cells: object) -> list["Text"]:
    """Cells in which nothing is read as markup."""
    from rich.text import Text

    return [Text(str(cell)) for cell in cells]
