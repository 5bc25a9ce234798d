"""`milan evaluate` has two modes, which are never mixed up."""

import json
from typing import Any

import pytest

HOW = ("--images", "photos", "--catalog", "units.db", "--size", "32", "--exemplars-only", "--layer", "0")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what to evaluate: milan evaluate CATALOG, or milan evaluate --planted"),
        (("units.db", "--planted"), "a catalog and --planted are two evaluations"),
        (("units.db", "--scenes", "300"), "--scenes goes with --planted, not with a catalog"),
        (("--planted", "--images", "photos"), "--images goes with a catalog, not with --planted"),
    ],
)
def test_neither_both_and_foreign_options_are_told_in_one_line(
    folder: Any, arguments: tuple[str, ...], said: str
) -> None:
    done = folder.milan("evaluate", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_variable_that_names_a_catalog_gives_way_to_planted(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CATALOG", "units.db")
    assert "--units is at least 20" in folder.milan("evaluate", "--planted", "--units", "3").stderr
    assert "no such catalog" in folder.milan("evaluate").stderr


def test_a_catalog_without_words_says_so(folder: Any) -> None:
    assert folder.milan("describe", folder.model, *HOW).exit_code == 0
    done = folder.milan("evaluate", "units.db")
    assert done.exit_code == 1
    assert "nothing is described yet" in done.stderr


def test_what_descriptions_state_is_shown_and_written(folder: Any) -> None:
    from milan.catalog import Catalog
    from milan.records import Candidate, Description, UnitStatus

    folder.milan("describe", folder.model, *HOW, "--name", "mine")
    with Catalog.open("units.db") as store:
        version = store.start_description("mine", "0", {"simulator": None}, {})
        words = (Candidate("a dog", 1.0, -1.0, -2.0, "bank"),)
        store.store_descriptions(version, [Description(2, UnitStatus.DESCRIBED, 0.5, words)])
        store.finish_description(version)
    done = folder.milan("evaluate", "units.db", "-o", "table.json")
    assert done.exit_code == 0, done.stderr
    assert "units with words: 1" in done.stdout
    assert "--images" in done.stdout
    (written,) = json.loads((folder.path / "table.json").read_text())
    assert (written["layer"], written["n_units"], written["predictors"]) == ("0", 1, [])
    assert json.loads(folder.milan("evaluate", "units.db", "--json").stdout) == [written]
