"""`milan config`: what commands use when nothing is typed, and who said so."""

from typing import Any

import typer

from milan.places import without_password
from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson
from milan.surfaces.cli.settings import commands_of, read_settings, settings_of

__all__ = ["config"]


@answers_errors
def config(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every setting, its value, and where it comes from.

    milan config

    First what is typed, then a MILAN_* variable, then milan.toml (or [tool.milan] of pyproject.toml) in the
    current folder, then the default. In the file a setting is written like its option: batch-size = 64; under
    the name of a command in brackets it is of that command alone.
    """
    from pathlib import Path

    from rich.table import Table
    from rich.text import Text

    root = context.find_root()
    file = read_settings(Path.cwd()).file
    rows: dict[tuple[str, str, str], list[str]] = {}
    for name, command in commands_of(root.command):
        own = typer.Context(command, info_name=name, default_map=_below(root.default_map, name))
        for setting, parameter in settings_of(command).items():
            value, source = parameter.consume_value(own, {})
            origin = {"ENVIRONMENT": str(parameter.envvar), "DEFAULT_MAP": file}.get(source.name, "default")
            shown = "" if value is None else without_password(str(value))
            rows.setdefault((setting, shown, origin), []).append(name)
    if as_json:
        keys = ("setting", "value", "origin", "commands")
        print_json([dict(zip(keys, (*row, names), strict=True)) for row, names in sorted(rows.items())])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "from", "commands"):
        table.add_column(heading)
    for (setting, shown, origin), names in sorted(rows.items()):
        style = "dim" if origin == "default" else "bold"
        table.add_row(*(Text(part) for part in (setting, shown, origin, ", ".join(names))), style=style)
    stdout.print(table)


def _below(defaults: Any, command: str) -> Any:
    """The part of nested defaults that belongs to a command."""
    for word in command.split():
        defaults = (defaults or {}).get(word)
    return defaults
