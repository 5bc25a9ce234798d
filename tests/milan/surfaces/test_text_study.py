"""`milan text study`: on a small untrained network, as its words and pictures are what is tested."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from milan.surfaces.cli import app
from milan.transliteration import Transliteration
from tests.milan.uses.text.study.conftest import small_transliteration

__all__ = ["small_transliteration"]  # a fixture

_LINES = ["ծառ տուն թյուր ցավ", "միություն տան շուն սեր", "գիտություն և ծով"] * 8


@pytest.fixture
def armenian_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_transliteration: Transliteration
) -> Path:
    monkeypatch.setattr(Transliteration, "open", lambda language: small_transliteration)
    text = tmp_path / "text.txt"
    text.write_text("\n".join(_LINES), encoding="utf-8")
    return text


def run(*arguments: str | Path) -> Result:
    options = ("--least", "8", "--bins", "20", "--repeats", "2")
    return CliRunner().invoke(app, ["text", "study", *map(str, arguments), *options])


def test_a_study_is_told_by_pair_and_direction_and_drawn(armenian_text: Path, tmp_path: Path) -> None:
    output = tmp_path / "made"
    done = run(armenian_text, "-o", output, "--suffix", "թյուն")
    assert done.exit_code == 0, done.output
    assert "from the end" in done.stdout
    assert "suffix, cell/" in done.stdout
    assert sorted(file.name for file in output.iterdir()) == ["study.json", "suffix.svg"]
    assert json.loads((output / "study.json").read_text("utf-8"))["n_sentences"] == 24


def test_the_document_is_what_the_file_holds(armenian_text: Path, tmp_path: Path) -> None:
    done = run(armenian_text, "-o", tmp_path / "made", "--json")
    assert json.loads(done.stdout) == json.loads((tmp_path / "made" / "study.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pair", "t-ծ"), "a pair is input:output, like t:ծ, got 't-ծ'"),
        (("--pair", "t:ճ"), "no pair 't:ճ'"),
        (("--suffix", "ական"), "no word of the text holds 'ական'"),
    ],
)
def test_what_cannot_be_studied_is_said_in_a_line(
    armenian_text: Path, tmp_path: Path, options: tuple[str, str], said: str
) -> None:
    done = run(armenian_text, "-o", tmp_path / "made", *options)
    assert done.exit_code in (1, 2)
    assert said in " ".join(done.stderr.split())
