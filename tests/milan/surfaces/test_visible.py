"""Words of a text, and names of files, never command the terminal that shows them."""

import io
import json

import pytest
from rich.table import Table
from rich.text import Text

from milan.surfaces.cli.console import print_json
from milan.surfaces.cli.visible import VisibleConsole, visible

HOSTILE = "a\x1b[2Jb\x07\x9bc\u202ed\u2066e\u2028f\rg"
COMMANDS = set("\x1b\x07\x9b\u202e\u2066\u2028\r")


def shown(printed: object, **how: object) -> str:
    file = io.StringIO()
    VisibleConsole(file=file, width=60, **how).print(printed)  # type: ignore[arg-type]
    return file.getvalue()


def test_a_line_a_styled_text_and_a_table_show_signs_that_command() -> None:
    table = Table(box=None)
    table.add_column(HOSTILE)
    table.add_row(Text(HOSTILE, "bold"))
    for printed in (HOSTILE, Text(HOSTILE), table):
        found = shown(printed)
        assert not COMMANDS & set(found)
        assert "a␛[2Jb" in found


def test_styles_of_our_own_still_reach_a_terminal() -> None:
    found = shown(Text("warm", "red"), force_terminal=True, color_system="standard")
    assert "\x1b[31mwarm" in found


def test_letters_of_every_script_and_joined_emoji_stay() -> None:
    for words in ("հայերեն", "كلب", "नमस्ते", "می\u200cخواهم", "👩\u200d🚒", "tab\tnext\nline"):
        assert visible(words) == words


def test_json_says_the_same_without_the_signs(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"phrase": HOSTILE})
    printed = capsys.readouterr().out
    assert not COMMANDS & set(printed)
    assert json.loads(printed) == {"phrase": HOSTILE}
