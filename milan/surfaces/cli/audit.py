"""`milan audit`: which units respond to people, text, backgrounds, or what else is asked."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import answers_errors, note, print_json
from milan.surfaces.cli.options import AsJson, Catalogs

__all__ = ["audit"]


@answers_errors
def audit(
    catalogs: Catalogs,
    questions: Annotated[
        list[str] | None,
        typer.Option(
            help="people-and-faces, text-and-watermarks, demographic-words, colours-and-backgrounds; of "
            "texts words-and-grammar; or a YAML file of your own; again for more. Default: those that fit."
        ),
    ] = None,
    query: Annotated[
        list[str] | None, typer.Option(help="Ask for this instead, such as 'a ruler'; again for more.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write a page with the regions behind each count.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count the units that respond to concepts, how surely, and of two catalogs what appeared and vanished.

    milan audit units.db --questions people-and-faces -o report.html
    """
    from milan.surfaces.cli.audits import show_audit
    from milan.uses.audit import audit_catalogs, fitting_questions, questions_of, write_report

    default = () if questions or query else fitting_questions(catalogs)
    asked = questions_of(questions or (), query or (), default)
    report = audit_catalogs(catalogs, asked)
    if any(not change.same_layers for change in report.changes):
        note("the two catalogs share no layer: counts stand side by side, nothing is said to change")
    if output is not None:
        write_report(report, output)
        note(f"report written to {output}")
    if as_json:
        print_json(report.as_dict())
    else:
        show_audit(report)
