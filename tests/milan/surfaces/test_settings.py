"""Defaults from files: which come first, and what is said of a wrong one."""

import json
from pathlib import Path
from typing import Any

import pytest

IN_FOLDER = ("--images", "photos", "--size", "32", "--exemplars-only", "--layer", "0", "--json")


def shown(folder: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """Value and origin by setting and command."""
    done = folder.milan("config", "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    return {(row["setting"], name): (row["value"], row["origin"]) for row in rows for name in row["commands"]}


def test_each_setting_is_shown_with_its_origin(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.path / "milan.toml").write_text("batch-size = 64\ndevice = 'cuda'\n[describe]\nworkers = 4\n")
    monkeypatch.setenv("MILAN_DEVICE", "mps")
    found = shown(folder)
    assert found["batch-size", "describe"] == found["batch-size", "exemplars"] == ("64", "milan.toml")
    assert found["workers", "describe"] == ("4", "milan.toml")
    assert found["workers", "exemplars"] == ("2", "default")
    assert found["device", "layers"] == ("mps", "MILAN_DEVICE")
    assert "milan.toml" in folder.milan("config").stdout


def test_a_file_really_sets_what_a_command_does_and_a_flag_comes_first(folder: Any) -> None:
    (folder.path / "milan.toml").write_text("catalog = 'mine.db'\nname = 'one'\n[describe]\nlimit = 5\n")
    done = folder.milan("describe", folder.model, *IN_FOLDER)
    summary = json.loads(done.stdout)
    assert (summary["catalog"], summary["network"], summary["n_images"]) == ("mine.db", "one", 5)
    typed = json.loads(folder.milan("describe", folder.model, *IN_FOLDER, "--name", "two").stdout)
    assert (typed["network"], typed["n_images"]) == ("two", 5)


def test_pyproject_is_read_when_there_is_no_file_of_our_own(folder: Any) -> None:
    (folder.path / "pyproject.toml").write_text(
        "[tool.milan]\nseed = 7\nlayer = 'conv1'\n[tool.ruff]\na = 1\n"
    )
    assert shown(folder)["seed", "demo"] == ("7", "pyproject.toml")
    assert shown(folder)["layer", "describe"] == ("['conv1']", "pyproject.toml")
    (folder.path / "milan.toml").write_text("seed = 8\n")
    assert shown(folder)["seed", "demo"] == ("8", "milan.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("batchsize = 3", "no setting 'batchsize'. Did you mean 'batch-size'? It stands in milan.toml"),
        ("[describ]\nworkers = 3", "no command 'describ'. Did you mean 'describe'?"),
        ("[export]\nformt = 'csv'", "no setting of export 'formt'. Did you mean 'format'?"),
        ("fresh = true", "no setting 'fresh'."),
        ("batch-size", "milan.toml cannot be read: "),
        (
            "batch-size = 'few'",
            "it should be a valid integer, got 'few'. It is set in a file: see milan config.",
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_line(folder: Any, content: str, said: str) -> None:
    Path(folder.path / "milan.toml").write_text(content)
    done = folder.milan("describe", folder.model, *IN_FOLDER, "--catalog", "units.db")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line
