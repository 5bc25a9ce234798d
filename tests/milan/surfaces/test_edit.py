"""The command on a planted shortcut: the library's own tests are in tests/milan/uses/edit."""

import json
import shutil
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
        *("edit", str(catalog.place), SPEC, "--size", "8", "--mean", "0,0,0", "--std", "1,1,1"),
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


def test_a_dry_run_says_what_would_be_done_and_scores_and_writes_nothing(
    edit: Milan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for scoring in ("ranking.score_units", "editing.how_many", "editing.prove"):
        monkeypatch.delattr(f"milan.uses.edit.{scoring}")
    done = edit("--query", "letters", "--dry-run", "-o", str(tmp_path / "edited"))
    assert done.exit_code == 0, done.output
    assert done.stdout.count("act/") == 2
    for said in (
        "candidates: 2 of 8 units of act of net",
        " of 80 validation images drive the candidates (rule specific: ",
        "at most 2, held at their mean over the images without it, losing at most 1.0% of 80 clean images",
        "adversarial: 80 images of 2 classes",
    ):
        assert said in done.stdout
    assert not list(tmp_path.glob("*edited*"))
    document = json.loads(edit("--query", "letters", "--dry-run", "--json").stdout)
    assert [one["unit"] for one in document["candidates"]] == ["net/act/3", "net/act/6"]
    assert document["sets"]["clean"] == {"images": 80, "classes": 2}


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("asked", "code", "line"),
    [
        (["--query", "a violin"], 1, "none of 8 described units of net answers to 'a violin'"),
        (["--query", "thing", "--query", "word", "--query", "letters", "--query", "sky", "--query", "grass",
          "--query", "dog"], 1, "all 8 described units of net answer to"),
        (["--query", " "], 2, "a query is empty"),
        (["--query", "word", "--test", "adv"], 2, "a test set is written NAME=DIR"),
        (["--query", "word", "--test", "clean=x"], 2, "a test set is called validation or clean"),
        (["--query", "word", "--test", "other=NOWHERE"], 1, "nowhere': give a folder of images"),
        (["--query", "word", "--test", "other=BROKEN"], 1, "none of the 2 images under"),
        (["--query", "word", "--test", "other=VALIDATION"], 2, "are in --validation or --clean too"),
        (["--query", "word", "--validation", "NOWHERE"], 1, "nowhere': give a folder of images"),
        (["--query", "word", "--validation", "ONE"], 1, "holds one class only (0)"),
        (["--query", "word", "--clean", "ONE"], 1, "holds one class only (0)"),
        (["--query", "word", "--clean", "BEYOND"], 1, "class '2' stands for output 2, but the network has"),
        (["--query", "word", "--classes", "missing.tsv"], 1, "missing.tsv"),
        (["--query", "word", "--classes", "TYPO"], 1, "line 2: expected a folder's name and an output"),
        (["--query", "word", "--classes", "OTHER"], 2, "is not named in the file of classes"),
        (["--query", "word", "--layer", "atc"], 2, "Did you mean 'act'"),
        (["--query", "word", "--max-units", "0"], 2, "0"),
        (["--query", "word", "--max-units", "9"], 2, "up to 9 units, but only 8 are in act"),
        (["--query", "word", "-o", "FULL"], 1, "is there already"),
        (["--query", "word", "-o", "FULL/kept.txt/edited"], 1, "cannot be made"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_exit_code_in_a_dry_run_too(
    edit: Milan, folders: dict[str, Path], tmp_path: Path, asked: list[str], code: int, line: str,
    dry: tuple[str, ...],
) -> None:  # fmt: skip
    places = {"NOWHERE": tmp_path / "nowhere", "VALIDATION": folders["validation"]}
    for name, classes in (("ONE", "0"), ("BEYOND", "02")):
        places[name] = tmp_path / name
        for output in classes:
            shutil.copytree(folders["validation"] / "a", places[name] / output)
    for name, text in (("TYPO", "a\t0\nb\tone\n"), ("OTHER", "a\t0\nd\t1\n"), ("FULL/kept.txt", "mine")):
        places[name.partition("/")[0]] = tmp_path / name.partition("/")[0]
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    places["BROKEN"] = tmp_path / "broken"
    for output in "ab":
        (tmp_path / "broken" / output).mkdir(parents=True)
        (tmp_path / "broken" / output / "cut.jpg").write_bytes(output.encode())
    for name, place in places.items():
        asked = [part.replace(name, str(place)) for part in asked]
    written = () if "-o" in asked else ("-o", str(tmp_path / "edited"))
    done = edit(*asked, *written, *dry)
    assert done.exit_code == code, done.output
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert line in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "edited").exists()


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_catalog_of_other_weights_is_refused_in_a_dry_run_too(
    make_catalog: Callable[..., Catalog], edit: Milan, tmp_path: Path, dry: tuple[str, ...]
) -> None:
    (tmp_path / "units.db").unlink()
    make_catalog(weights_hash="other").close()
    done = edit("--query", "word", "-o", str(tmp_path / "edited"), *dry)
    assert done.exit_code == 1
    assert "the weights differ" in done.stderr


def test_where_to_write_must_be_said_unless_it_is_only_looked(edit: Milan) -> None:
    done = edit("--query", "word")
    assert done.exit_code == 2
    assert "say where the edited network is to be written" in done.stderr


def test_a_folder_that_no_edit_wrote_cannot_be_undone(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["undo", str(tmp_path), "-o", str(tmp_path / "o.safetensors")])
    assert done.exit_code == 1
    assert "is no edited network" in done.output
