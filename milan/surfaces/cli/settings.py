"""Defaults of a folder: `milan.toml`, or `[tool.milan]` of `pyproject.toml`, in the current folder.

    batch-size = 64            # of every command that has the option
    device = "cuda"

    [describe]                 # of one command; of two words: ["captioner train"]
    captioner = "hf:Salesforce/blip-image-captioning-base"

A setting is written like its option without the dashes. A flag or a `MILAN_*` variable comes before it.
Values are checked by the option itself, as if they had been typed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import typer

from milan.errors import UnknownName, UsageError

__all__ = ["FileSettings", "commands_of", "read_settings", "settings_of"]

_OF_ONE_CALL = frozenset(
    {
        "activations",
        "as_json",
        "catalogs",
        "dry_run",
        "files",
        "fresh",
        "groups",
        "help",
        "listed",
        "output",
        "pattern",
        "query",
        "repair",
        "samples",
        "source",
        "symbols",
        "tags",
        "target",
        "texts",
        "unit",
        "units",
        "words",
    }
)
"""Parameters that nobody wants as a habit."""


class FileSettings(NamedTuple):
    """What a file sets."""

    file: str
    """`milan.toml` or `pyproject.toml`; empty when neither sets anything."""
    values: dict[str, Any]
    """Settings by name, and by command a dictionary of its own."""

    def default_map(self, group: Any) -> dict[str, Any]:
        """Defaults as Click takes them; UnknownName for a setting or a command that there is not."""
        commands = dict(commands_of(group))
        tables = {name: value for name, value in self.values.items() if isinstance(value, dict)}
        shared = {name: value for name, value in self.values.items() if name not in tables}
        everywhere = {name for command in commands.values() for name in settings_of(command)}
        self._check("setting", shared, everywhere)
        self._check("command", tables, commands)
        found: dict[str, Any] = {}
        for name, command in commands.items():
            known = settings_of(command)
            own = tables.get(name, {})
            self._check(f"setting of {name}", own, known)
            of_command = {
                known[key].name: _listed(known[key], value)
                for key, value in (shared | own).items()
                if key in known
            }
            *groups, last = name.split()
            place = found
            for outer in groups:
                place = place.setdefault(outer, {})
            place[last] = of_command
        return found

    def _check(self, kind: str, names: Mapping[str, Any], known: Any) -> None:
        for name in names:
            if name not in known:
                hint = f"It stands in {self.file}; settings are written like options, without the dashes."
                raise UnknownName(kind, name, known, hint)


def read_settings(folder: Path) -> FileSettings:
    """What `milan.toml` sets in a folder, or else its `pyproject.toml`; UsageError when it is no TOML."""
    for name, tables in (("milan.toml", ()), ("pyproject.toml", ("tool", "milan"))):
        file = folder / name
        if file.is_file():
            try:
                values = tomllib.loads(file.read_text("utf-8"))
            except ValueError as problem:  # not TOML, or not UTF-8
                raise UsageError(f"{name} cannot be read: {problem}") from problem
            for table in tables:
                values = values.get(table, {})
            if values:
                return FileSettings(name, values)
    return FileSettings("", {})


def commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its words, such as `captioner train`."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def settings_of(command: Any) -> dict[str, typer.CallbackParam]:
    """A command's parameters that a file may set, by the names that a user writes."""
    return {
        max(parameter.opts, key=len).lstrip("-"): parameter
        for parameter in command.params
        if parameter.name not in _OF_ONE_CALL
    }


def _listed(parameter: Any, value: Any) -> Any:
    """A single text for an option that may be given again and again."""
    return [value] if getattr(parameter, "multiple", False) and isinstance(value, str) else value
