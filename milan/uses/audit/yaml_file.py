"""YAML files that people write: every mistake is told with its line, its key and the nearest key."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from milan.errors import DataError, UsageError, nearest, one_line

__all__ = ["Field", "Fields", "read_fields"]


class Field(NamedTuple):
    """One value of a file, with the line where it stands."""

    file: str
    key: str
    """Of the mapping that holds it; empty for the whole file."""
    node: yaml.Node

    @property
    def line(self) -> int:
        """Counted from 1."""
        return int(self.node.start_mark.line) + 1

    def refuse(self, why: str) -> NoReturn:
        """Raise UsageError: the file, the line, the key, and why."""
        raise UsageError(f"{self.file}, line {self.line}: {f'{self.key}: ' if self.key else ''}{why}")

    def fields(self, known: Collection[str], example: str) -> "Fields":
        """The mapping that it is; a key that is not known is refused with the nearest that is."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(f"keys with values are expected, such as {example}")
        found: dict[str, Field] = {}
        for key, value in self.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            of_key = Field(self.file, str(name), key)
            if name not in known:
                close = nearest(str(name), known)
                hint = f"did you mean {close!r}?" if close else f"known are {', '.join(known)}"
                raise UsageError(f"{self.file}, line {of_key.line}: no key {str(name)!r}; {hint}")
            if name in found:
                of_key.refuse("stands there twice")
            found[name] = Field(self.file, name, value)
        return Fields(self, found)

    def items(self) -> list["Field"]:
        """What the list holds."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("a list is expected")
        return [Field(self.file, self.key, node) for node in self.node.value]

    def text(self) -> str:
        """The text that it is, just as it stands there: no word is read as a number or a truth."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            self.refuse("a text is expected")
        return " ".join(str(self.node.value).split())

    def texts(self) -> tuple[str, ...]:
        """The list of texts that it is; one text is a list of one."""
        if isinstance(self.node, yaml.ScalarNode):
            return (self.text(),)
        return tuple(item.text() for item in self.items())

    def number(self, low: float, high: float) -> float:
        """The number that it is, within [low, high]."""
        try:
            found = float(self.text())
        except ValueError:
            found = float("nan")
        if not low <= found <= high:
            self.refuse(f"a number from {low:g} to {high:g} is expected, got {self.text()!r}")
        return found

    def whole_number(self) -> int:
        """The whole number, 0 or more, that it is."""
        if not self.text().isdecimal():
            self.refuse(f"a whole number, 0 or more, is expected, got {self.text()!r}")
        return int(self.text())


class Fields(NamedTuple):
    """A mapping of a file, its keys known ones."""

    whole: Field
    by_key: Mapping[str, Field]

    def get(self, key: str) -> Field | None:
        """A value, or None where the key is not there."""
        return self.by_key.get(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none where the key is not there."""
        found = self.get(key)
        return found.texts() if found else ()


def read_fields(path: Path, known: Collection[str], example: str) -> Fields:
    """Read a file that is one mapping; UsageError where it is none, DataError where it cannot be read."""
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not UTF-8 text"
        raise DataError(f"{path}: cannot be read ({reason})") from problem
    try:
        node: Any = yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        told = getattr(problem, "problem", None) or one_line(problem)
        raise UsageError(f"{path}{where}: not YAML ({told})") from problem
    if node is None:
        raise UsageError(f"{path}: the file is empty; write {example}")
    return Field(str(path), "", node).fields(known, example)
