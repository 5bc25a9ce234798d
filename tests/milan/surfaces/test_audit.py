"""`milan audit` and `milan check`: what is said where, and with which exit code."""

import json
from dataclasses import replace
from typing import Any

import pytest

from milan.catalog import Catalog
from milan.records import Candidate, Description, UnitStatus

HOW = ("--images", "photos", "--catalog", "units.db", "--size", "32", "--exemplars-only", "--layer", "0")
TEXT = ("--questions", "text-and-watermarks")


@pytest.fixture
def described(folder: Any) -> Any:
    """A folder with a catalog of six units, of which three were said something; how surely is not known."""
    assert folder.milan("describe", folder.model, *HOW, "--name", "mine").exit_code == 0
    with Catalog.open("units.db") as store:
        version = store.start_description("mine", "0", {"simulator": None}, {})
        for unit, phrase in enumerate(("a sign", "[bold]text[/] on a screen", "a dog")):
            words = (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),)
            store.store_descriptions(version, [Description(unit, UnitStatus.DESCRIBED, 0.5, words)])
        store.finish_description(version)
    return folder


def test_an_audit_is_a_table_a_document_and_a_page(described: Any) -> None:
    done = described.milan("audit", "units.db", *TEXT, "-o", "report.html")
    assert done.exit_code == 0, done.stderr
    assert "signs and posters" in done.stdout
    assert "[bold]text[/]" in done.stdout  # never read as markup
    assert "nothing answers to: watermarks and logos" in done.stdout
    assert "how surely is not known" in done.stderr
    assert "report written to report.html" in done.stderr
    assert (described.path / "report.html").read_text("utf-8").startswith("<!doctype html>")
    document = json.loads(described.milan("audit", "units.db", *TEXT, "--json").stdout)
    (catalog,) = document["catalogs"]
    (text,) = catalog["concepts"]["text"]
    assert (text["units"], text["of"], text["sure"]) == (1, 3, None)
    assert text["answers"][0]["unit"] == "mine/0/1"


def test_two_catalogs_show_what_changed_and_three_stand_side_by_side(described: Any) -> None:
    two = described.milan("audit", "units.db", "units.db", *TEXT)
    assert "from units.db" in two.stdout
    assert "corrected" in two.stdout
    three = described.milan("audit", "units.db", "units.db", "units.db", *TEXT)
    assert three.exit_code == 0
    assert "corrected" not in three.stdout


def test_tables_fit_eighty_columns_and_no_heading_is_cut(
    described: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from milan.surfaces.cli.console import stdout

    with Catalog.open("units.db") as store:
        (layer,) = store.layers()
        long = "features.denseblock4.denselayer16"
        store.add_network("other", layer.provenance, [long])
        exemplars = store.layer_exemplars("mine", "0")
        store.store_layer("other", replace(exemplars, layer=long), layer.provenance, {})
        version = store.start_description("other", long, {}, {})
        words = (Candidate("a sign with a long text on a screen above a street", 1.0, -1.0, -2.0, "bank"),)
        store.store_descriptions(version, [Description(0, UnitStatus.DESCRIBED, 0.5, words)])
        store.finish_description(version)
    monkeypatch.setattr(stdout, "_width", 80)
    for catalogs in (["units.db"], ["units.db", "units.db"]):
        lines = described.milan("audit", *catalogs, *TEXT).stdout.splitlines()
        assert max(map(len, lines)) <= 80
        (heading, *_) = (line.split() for line in lines if line.startswith("concept"))
        assert heading == ["concept", "layer", "units", "of", "surely", "by", "chance", "surest"]


def test_a_query_that_nothing_answers_is_stated_and_done(described: Any) -> None:
    done = described.milan("audit", "units.db", "--query", "zeppelin")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "nothing answers to: zeppelin\n"


def test_a_policy_that_holds_ends_with_0_and_a_broken_one_with_4(described: Any) -> None:
    policy = described.path / "policy.yaml"
    policy.write_text("questions: text-and-watermarks\nforbid: [{concept: text, at_most: 1}]")
    kept = described.milan("check", "units.db", "--policy", "policy.yaml")
    assert (kept.exit_code, kept.stdout) == (0, "")
    assert "1 rule of policy.yaml hold" in kept.stderr
    policy.write_text("questions: text-and-watermarks\nforbid: [{concept: text, at_most: 0}]")
    broken = described.milan("check", "units.db", "--policy", "policy.yaml")
    assert broken.exit_code == 4
    assert broken.stdout == "text: 1 unit answers, allowed are 0: mine/0/1\n"
    (violation,) = json.loads(
        described.milan("check", "units.db", "--policy", "policy.yaml", "--json").stdout
    )
    assert (violation["n"], violation["allowed"]) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("audit",), 2, "Missing argument 'CATALOG'"),
        (("audit", "missing.db"), 1, "missing.db: no such catalog"),
        (("audit", "units.db", "--questions", "peple-and-faces"), 2, "Did you mean 'people-and-faces'?"),
        (("audit", "units.db", "--questions", "missing.yaml"), 1, "no such question file"),
        (("audit", "units.db", "--questions", "typo.yaml"), 2, "line 3: no key 'wrods'; did you mean"),
        (("audit", "units.db", "--questions", "empty.yaml"), 2, "empty.yaml: the file is empty"),
        (("audit", "units.db", "--query", " "), 2, "a query is empty"),
        (("audit", "units.db", "--query", "?!"), 2, "has nothing to match"),
        (("audit", "units.db", *TEXT, "-o", "missing/report.html"), 1, "cannot be written"),
        (("audit", "photos"), 1, "photos: not a milan catalog"),
        (("check", "units.db"), 2, "Missing option '--policy'"),
        (("check", "units.db", "--policy", "missing.yaml"), 1, "missing.yaml: cannot be read"),
        (("check", "units.db", "--policy", "photos"), 1, "photos: cannot be read"),
        (("check", "units.db", "--policy", "typo.yaml"), 2, "no key 'concepts'"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_exit_code(
    described: Any, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (described.path / "typo.yaml").write_text("concepts:\n  - name: a\n    wrods: [b]\n")
    (described.path / "empty.yaml").write_text("")
    done = described.milan(*arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_catalog_in_which_nothing_is_described_says_so(folder: Any) -> None:
    assert folder.milan("describe", folder.model, *HOW).exit_code == 0
    done = folder.milan("audit", "units.db", *TEXT)
    assert done.exit_code == 1
    assert "nothing is described yet" in done.stderr
