"""docs/errors.md says of every error what the code says."""

import re
from pathlib import Path

import pytest

import milan.errors
from milan.datasets import UnreadableImage
from milan.errors import MilanError

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
ROWS = {
    row[0]: row[1:]
    for row in re.findall(r"^\| `(\w+)` \| (\d) \| ([^|]+) \| ([^|]*) \| ([^|]+) \|$", PAGE, re.M)
}
KINDS = [kind for name in milan.errors.__all__ if isinstance(kind := getattr(milan.errors, name), type)] + [
    UnreadableImage
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_has_a_row_with_its_exit_code_and_the_first_words_of_its_docstring(
    kind: type[MilanError],
) -> None:
    code, meaning, _, remedy = ROWS[kind.__name__]
    assert int(code) == kind.exit_code
    assert kind.__doc__ is not None
    assert kind.__doc__.startswith(meaning)
    assert remedy.strip()


def test_the_page_names_no_error_that_there_is_not() -> None:
    assert set(ROWS) == {kind.__name__ for kind in KINDS}


def test_commands_that_the_page_names_exist() -> None:
    from typer.main import get_command

    from milan.surfaces.cli import app
    from milan.surfaces.cli.settings import commands_of

    known = {name.split()[0] for name, _ in commands_of(get_command(app))}
    assert set(re.findall(r"`milan ([a-z]+)", PAGE)) <= known
