"""The command on a planted shortcut: the library's own tests are in tests/milan/uses/edit."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from milan.catalog import Catalog
from milan.networks import Network
from milan.surfaces.cli import app
from tests.milan.uses.edit.conftest import SPEC, folders, make_catalog, network

__all__ = ["folders", "make_catalog", "network"]  # fixtures


Milan = Callable[..., Result]


@pytest.fixture
def edit(make_catalog: Callable[..., Catalog], folders: dict[str, Path], network: Network) -> Milan:
    catalog = make_catalog()
    catalog.close()
    common = [
        *("edit", str(catalog.path), SPEC, "--size", "8", "--mean", "0,0,0", "--std", "1,1,1"),
        *("--validation", str(folders["validation"]), "--clean", str(folders["clean"])),
        *("--test", f"adversarial={folders['adversarial']}", "--seeds", "2"),
    ]
    return lambda *more: CliRunner().invoke(app, [*common, *more])


def test_an_edit_is_made_told_and_undone(edit: Milan, tmp_path: Path) -> None:
    done = edit(
        *("--query", "word", "--query", "letters", "--rule", "least", "--set-to", "zero"),
        *("-o", str(tmp_path / "edited")),
    )
    assert done.exit_code == 0, done.output
    assert "3 of 3 candidates switched off" in done.stdout
    assert "layer-matched random" in done.stdout
    assert "DFR" in done.stdout
    undone = CliRunner().invoke(
        app, ["undo", str(tmp_path / "edited"), "-o", str(tmp_path / "o.safetensors")]
    )
    assert undone.exit_code == 0, undone.output
    assert (tmp_path / "o.safetensors").is_file()


def test_json_is_one_document(edit: Milan, tmp_path: Path) -> None:
    done = edit("--query", "word", "-o", str(tmp_path / "edited"), "--json")
    document = json.loads(done.stdout)
    assert document["units"][0]["description"] == "a printed word"
    assert document == json.loads((tmp_path / "edited" / "edit.json").read_text())


def test_a_dry_run_lists_candidates_and_writes_nothing(edit: Milan, tmp_path: Path) -> None:
    done = edit("--query", "letters", "--dry-run")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("letters") == 2
    assert not list(tmp_path.glob("edited*"))


@pytest.mark.parametrize(
    ("asked", "code", "line"),
    [
        (["--query", "a violin", "-o", "OUT"], 1, "none of 8 described units of net answers to 'a violin'"),
        (["--query", " ", "-o", "OUT"], 2, "a query is empty"),
        (["--query", "word"], 2, "say where the edited network is to be written"),
        (["--query", "word", "-o", "OUT", "--test", "adv"], 2, "a test set is written NAME=DIR"),
        (
            ["--query", "word", "-o", "OUT", "--test", "clean=x"],
            2,
            "a test set is called validation or clean",
        ),
        (["--query", "word", "-o", "OUT", "--layer", "atc"], 2, "Did you mean 'act'"),
        (["--query", "word", "-o", "OUT", "--max-units", "0"], 2, "0"),
        (["--query", "word", "-o", "OUT", "--classes", "missing.tsv"], 1, "missing.tsv"),
    ],
)
def test_a_mistake_is_one_line_with_its_exit_code(
    edit: Milan, tmp_path: Path, asked: list[str], code: int, line: str
) -> None:
    done = edit(*(str(tmp_path / "edited") if part == "OUT" else part for part in asked))
    assert done.exit_code == code, done.output
    assert line in " ".join(done.output.split())
    assert "Traceback" not in done.output
    assert not (tmp_path / "edited").exists()


def test_a_folder_that_no_edit_wrote_cannot_be_undone(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["undo", str(tmp_path), "-o", str(tmp_path / "o.safetensors")])
    assert done.exit_code == 1
    assert "is no edited network" in done.output
