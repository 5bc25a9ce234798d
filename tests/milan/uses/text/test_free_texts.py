"""`milan describe --explainer`: what a language model writes stands beside descriptions, which stay."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from milan.catalog import Catalog, draw_unit, export
from milan.describe.text.planted import Kind, plant_text_units, write_text
from milan.explainers import LanguageModel
from milan.records import UnitId
from milan.surfaces.cli import app
from tests.milan.explainers.conftest import writer_folder

__all__ = ["writer_folder"]  # a fixture

MONTHS = UnitId("planted", "planted", 0)
EXPLAINED = {0, 1}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def without_free_text(path: Path) -> list[dict[str, object]]:
    """Lines of an export, less what a language model wrote."""
    written = {"free_text", "downward_free_text"}
    return [
        {name: value for name, value in json.loads(line).items() if name not in written}
        for line in path.read_text().splitlines()
    ]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory, writer_folder: Path) -> list[str | Path]:
    """A command line, run without an explainer and then with one for two of three units."""
    folder = tmp_path_factory.mktemp("explained")
    text = write_text(500, seed=2)
    (folder / "text.txt").write_text("".join(" ".join(words) + "\n" for words in text.sentences.each()))
    units = plant_text_units(text, 1, 2, [Kind.MONTHS, Kind.FIRST_WORD, Kind.SUFFIX])
    np.save(folder / "planted.npy", units.matrix)
    files = [folder / name for name in ("planted.npy", "text.txt", "u.db")]
    plain: list[str | Path] = ["describe", files[0], "--texts", files[1], "--catalog", files[2]]
    assert run(*plain).exit_code == 0
    with Catalog.open(folder / "u.db") as catalog:
        export(catalog, "jsonl", folder / "before.jsonl")
    explained = [*plain, "--units", "0-1", "--explainer", f"hf:{writer_folder}"]
    done = run(*explained)
    assert done.exit_code == 0, done.output
    return explained


@pytest.fixture(scope="module")
def path(given: list[str | Path]) -> Path:
    return Path(given[5])


def test_the_units_asked_for_get_free_text_with_figures_at_both_ends(path: Path) -> None:
    with Catalog.open(path) as catalog:
        units = {unit.id.index: unit for unit in catalog.units()}
    assert {index for index, unit in units.items() if unit.free_text} == EXPLAINED
    written = units[0].free_text
    assert written is not None
    assert written.n_passages >= 8
    assert written.scores is not None
    assert 0 <= written.scores.detection.low <= written.scores.detection.high <= 1
    assert written.description is not None
    assert written.description.value > 0.5  # months are told by the word, over the same words
    lowest = units[0].downward_free_text
    assert lowest is not None
    assert lowest.unit_index == 0
    assert written.explainer.startswith("hf:")


def test_descriptions_stay_what_they_were(path: Path, tmp_path: Path) -> None:
    with Catalog.open(path) as catalog:
        export(catalog, "jsonl", tmp_path / "after.jsonl")
    assert without_free_text(tmp_path / "after.jsonl") == without_free_text(path.parent / "before.jsonl")
    (first, *_, last) = (json.loads(line) for line in (tmp_path / "after.jsonl").read_text().splitlines())
    assert last["free_text"] is None
    assert len(first["free_text"]["simulation"]) == 3
    assert first["free_text"]["candidates"][0]["source"] == "explainer"


def test_what_was_written_is_not_asked_again(
    given: list[str | Path], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the model was asked again")

    with Catalog.open(path) as catalog:
        before = catalog.unit(MONTHS).free_text
    monkeypatch.setattr(LanguageModel, "write", refuse)
    monkeypatch.setattr(LanguageModel, "answers", refuse)
    done = run(*given)
    assert done.exit_code == 0, done.output
    with Catalog.open(path) as catalog:
        assert catalog.unit(MONTHS).free_text == before


def test_a_unit_shows_what_was_written_on_paper_and_on_a_picture(path: Path, tmp_path: Path) -> None:
    shown = run("show", path, str(MONTHS), "-o", tmp_path / "unit.png")
    assert "Free text: " in shown.stdout
    assert "simulation " in shown.stdout
    told = json.loads(run("show", path, str(MONTHS), "-o", tmp_path / "unit.png", "--json").stdout)
    assert told["free_text"]["n_passages"] >= 8
    with Catalog.open(path) as catalog:
        unit, plain = catalog.unit(MONTHS), catalog.unit(UnitId("planted", "planted", 2))
    assert len(unit.asides) > len(plain.asides)
    assert draw_unit(unit).height > 0


def test_the_gallery_holds_what_was_written(path: Path, tmp_path: Path) -> None:
    with Catalog.open(path) as catalog:
        export(catalog, "html", tmp_path / "gallery")
    content = (tmp_path / "gallery" / "data" / "units-0.js").read_text()
    first, *_, last = json.loads(content[content.index("{") : content.rindex("}") + 1])["units"]
    assert [title for title, _ in first["freeText"]] == ["Free text", "Lowest, free text"]
    assert last["freeText"] == []


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--explainer", "gpt"], 2, "hf:DIR_OR_ID"),
        (["--explainer", "hf:./none"], 1, "cannot be opened"),
        (["--explainer", "hf:./none", "--exemplars-only"], 2, "leave out --exemplars-only"),
    ],
)
def test_an_explainer_that_cannot_be_is_told_before_the_catalog_is_touched(
    given: list[str | Path], tmp_path: Path, more: list[str], code: int, said: str
) -> None:
    done = run(*given[:5], tmp_path / "other.db", *more)
    assert done.exit_code == code
    assert said in done.stderr
    assert not (tmp_path / "other.db").exists()


def test_images_have_no_explainer(tmp_path: Path) -> None:
    done = run(
        "describe", "hf:x", "--images", tmp_path, "--catalog", tmp_path / "u.db", "--explainer", "hf:y"
    )
    assert done.exit_code == 2
    assert "give --texts" in done.stderr
