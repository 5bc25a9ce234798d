"""What is said when a command line cannot be understood: one line, like every other mistake of a user."""

import re
import sys
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from milan.errors import MilanError, nearest
from milan.surfaces.cli.console import print_error

__all__ = ["CatalogFirst", "Commands"]

# Typer keeps what BadParameter is made of to itself: UsageError, which an unknown option is too.
_Misused = cast(type[typer.BadParameter], typer.BadParameter.__base__)

_REWORDED = (
    (r"Value error, ", ""),
    (r"Input should be", "it should be"),
    (r", unable to parse string as an? \w+", ""),
)
"""Typer hands on what pydantic says of a value."""


class Commands(TyperGroup):
    """The commands, with mistakes of usage told in one line and exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Parse and run; ends the process unless `standalone_mode` is false, as in Click."""
        if not extra.get("standalone_mode", True):
            return super().main(*args, **extra)
        try:
            code = super().main(*args, **(extra | {"standalone_mode": False}))
        except _Misused as mistake:
            line = _told(mistake)
            if line:  # empty when no arguments were given: then the help was printed
                where = mistake.ctx.command_path if mistake.ctx else "milan"
                print_error(f"{line} Help: {where} --help")
            code = mistake.exit_code
        except MilanError as mistake:  # of a value that a parser of ours refused
            print_error(str(mistake))
            code = mistake.exit_code
        sys.exit(code)


class CatalogFirst(TyperCommand):
    """A command of a catalog and one argument more, such as `milan search CATALOG QUERY`.

    Click fills arguments from the left. Where a variable or a file names the catalog, one argument alone is
    the second.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what was typed; once more with the known catalog before it when the second is missing."""
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as mistake:
            catalog, second, *_ = self.params
            known, _ = catalog.consume_value(ctx, {})
            if mistake.param is not second or known is None:
                raise
            return super().parse_args(ctx, [str(known), *typed])


def _told(mistake: typer.BadParameter) -> str:
    """The message in plain words, with the value that was given and the nearest one that would do."""
    line = mistake.format_message().strip()
    for raw, plain in _REWORDED:
        line = re.sub(raw, plain, line)
    if line and line[-1] not in ".?)":
        line += _given(mistake) + "."
    if isinstance(mistake, typer.BadParameter) and mistake.ctx and mistake.param and mistake.param.name:
        source = mistake.ctx.get_parameter_source(mistake.param.name)
        if source is not None and source.name == "DEFAULT_MAP":
            line += " It is set in a file: see milan config."
    choice = re.search(r"'([^']*)' is not one of (.+)", line)
    close = nearest(choice[1], re.findall(r"'([^']*)'", choice[2])) if choice else None
    return f"{line} Did you mean {close!r}?" if close else line


def _given(mistake: typer.BadParameter) -> str:
    """`, got 'x'`, where the check behind the message still knows it."""
    found = getattr(mistake.__cause__, "errors", None)
    return f", got {found()[0]['input']!r}" if found else ""
