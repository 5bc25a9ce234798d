"""`milan compare`: what is said where, and with which exit code."""

import json
from typing import Any

import pytest

HOW = ("--images", "photos", "--size", "32", "--exemplars-only", "--layer", "0")


@pytest.fixture
def two(folder: Any) -> Any:
    """A folder with one catalog of two names for the same network."""
    for name in ("before", "after"):
        done = folder.milan("describe", folder.model, *HOW, "--name", name, "--catalog", "both.db")
        assert done.exit_code == 0, done.stderr
    return folder


def test_a_comparison_is_a_table_a_document_and_a_page(two: Any) -> None:
    sides = ("both.db:before", "both.db:after")
    done = two.milan("compare", *sides, "-o", "compare.html")
    assert done.exit_code == 0, done.stderr
    assert "both.db:before beside both.db:after" in done.stdout
    assert " of 6 (" in done.stdout
    assert "the very same weights" in done.stderr
    assert (two.path / "compare.html").read_text("utf-8").startswith("<!doctype html>")
    document = json.loads(two.milan("compare", *sides, "--json").stdout)
    (layer,) = document["layers"]
    assert (layer["first"], layer["units"], document["same_weights"]) == ("0", [6, 6], True)
    assert len(layer["matched"]) + len(layer["unsure"]) + len(layer["lost"]) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("both.db", "both.db"), "say which, such as both.db:after"),
        (("both.db:before", "both.db:before"), "name two"),
        (("both.db:befor", "both.db:after"), "Did you mean 'before'"),
        (("both.db:before", "both.db:after", "--layer", "conv"), "no layer 'conv'"),
        (("both.db:before", "both.db:after", "--pair", "0"), "FIRST=SECOND"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_2(two: Any, arguments: tuple[str, ...], said: str) -> None:
    done = two.milan("compare", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output
