"""`milan check`: a catalog against a policy, for continuous integration."""

from pathlib import Path
from typing import Annotated

import typer

from milan.places import CatalogPlace
from milan.surfaces.cli.console import ExitCode, answers_errors, note, print_json, stdout
from milan.surfaces.cli.options import AsJson, ExistingCatalog

__all__ = ["check"]


@answers_errors
def check(
    catalog: ExistingCatalog,
    policy: Annotated[Path, typer.Option(help="YAML: which concepts are forbidden.", show_default=False)],
    baseline: Annotated[
        CatalogPlace | None,
        typer.Option(
            parser=CatalogPlace.parse,
            metavar="CATALOG",
            help="Catalog that rules with may_grow compare with.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a network whose units respond to what a policy forbids: exit code 4, a line a violation.

    milan check units.db --policy policy.yaml
    """
    from milan.uses.audit import check_policy

    checked = check_policy(catalog, policy, baseline)
    for line in checked.notes:
        note(line)
    if as_json:
        print_json([violation.as_dict() for violation in checked.violations])
    else:
        for violation in checked.violations:
            stdout.print(violation.line, markup=False)
    if checked.violations:
        raise typer.Exit(ExitCode.VIOLATED)
    note(f"{checked.n_rules} rule{'s' if checked.n_rules > 1 else ''} of {policy} hold for {catalog}")
