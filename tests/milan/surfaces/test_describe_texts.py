"""`milan describe --texts` with a network: read, described, and nothing left in the cache."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from milan.surfaces.cli import app
from tests.milan.extraction.conftest import encoder_folder

__all__ = ["encoder_folder"]  # a fixture


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """Sixty sentences with empty lines and equal lines among them."""
    words = ["the cat sat", "a dog ran far", "", "the dog sat on a mat", "cats and dogs"]
    lines = [f"{words[number % 5]} {['now', 'then'][number % 2]}" for number in range(60)]
    file = tmp_path / "text.txt"
    file.write_text("\n".join(["", *lines]) + "\n")
    return file


def test_a_network_is_read_and_described_and_its_activations_are_forgotten(
    encoder_folder: Path, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    given = ["describe", f"hf:{encoder_folder}", "--texts", text, "--catalog", tmp_path / "units.db"]
    done = run(*given, "--name", "tiny", "--json")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert summary["network"] == "tiny"
    assert summary["n_sentences"] == 61
    assert sum(summary["statuses"].values()) == summary["n_units"] > 0
    assert not list((tmp_path / "cache" / "texts").iterdir())
    assert json.loads(run(*given, "--name", "tiny", "--json").stdout) == summary


def test_a_limit_takes_the_first_sentences_of_what_a_network_reads(
    encoder_folder: Path, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    given = ["describe", f"hf:{encoder_folder}", "--texts", text, "--catalog", tmp_path / "units.db"]
    summary = json.loads(run(*given, "--limit", "40", "--json").stdout)
    assert summary["n_sentences"] == 40
    assert "have no words: take more" in run(*given, "--limit", "1").stderr  # the first line is empty
    matrix = ["describe", text, "--texts", text, "--catalog", tmp_path / "units.db", "--limit", "5"]
    assert "activations are described whole" in run(*matrix).stderr


def test_an_unknown_layer_is_told_before_anything_is_read(
    encoder_folder: Path, text: Path, tmp_path: Path
) -> None:
    given = ["describe", f"hf:{encoder_folder}", "--texts", text, "--catalog", tmp_path / "units.db"]
    done = run(*given, "--layer", "no.such.layer")
    assert done.exit_code != 0
    assert "no.such.layer" in done.stderr
    assert not (tmp_path / "units.db").exists()
