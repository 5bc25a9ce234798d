"""`milan doctor`: whether everything is in place."""

from typing import Annotated

import typer

from milan.errors import UsageError
from milan.surfaces.cli.console import ExitCode, answers_errors, note, print_json, stdout
from milan.surfaces.cli.options import AsJson, CatalogIfAny

__all__ = ["doctor"]


@answers_errors
def doctor(
    catalog: CatalogIfAny = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend the catalog where nothing is lost by it, after a copy.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is installed, whether weights are whole and whether a catalog is sound: exit code 4 if not.

    milan doctor units.db
    """
    if repair and catalog is None:
        raise UsageError("--repair mends a catalog: name one")
    from milan.uses.doctor import Level, examine_catalog, examine_installation, repair_catalog

    found = [] if catalog is None else examine_catalog(catalog)
    if repair and catalog is not None and any("--repair" in finding.remedy for finding in found):
        note(f"as it was: {repair_catalog(catalog)}")
        found = examine_catalog(catalog)
    found = [*examine_installation(), *found]
    if as_json:
        print_json([finding.as_dict() for finding in found])
    else:
        signs = {Level.FINE: "  ", Level.NOTE: "i ", Level.PROBLEM: "! "}
        for finding in found:
            remedy = f" -> {finding.remedy}" if finding.remedy else ""
            stdout.print(f"{signs[finding.level]}{finding.about:9} {finding.line}{remedy}", markup=False)
    if any(finding.level is Level.PROBLEM for finding in found):
        raise typer.Exit(ExitCode.VIOLATED)
