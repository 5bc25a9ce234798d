"""Text units in a catalog: described, shown, searched, exported and audited like those of images."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from milan.catalog import Catalog, draw_unit, export
from milan.describe.text.planted import Kind, plant_text_units, write_text
from milan.records import TextSpan, UnitId, UnitStatus
from milan.surfaces.cli import app

KINDS = [Kind.MONTHS, Kind.FIRST_WORD, Kind.SUFFIX, Kind.DEAD]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text, a matrix of planted units over it, and what `milan describe` made of them."""
    found = tmp_path_factory.mktemp("texts")
    text = write_text(500, seed=2)
    lines = [" ".join(words) for words in text.sentences.each()]
    (found / "text.txt").write_text("\n".join(lines) + "\n")
    np.save(found / "planted.npy", plant_text_units(text, 1, 2, KINDS).matrix)
    done = run("describe", found / "planted.npy", "--texts", found / "text.txt", "--catalog", found / "u.db")
    assert done.exit_code == 0, done.output
    assert "1 dead, 3 described" in done.stdout
    return found


def test_units_are_said_with_passages_figures_and_both_ends(folder: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        months = catalog.unit(UnitId("planted", "planted", 0))
        dead = catalog.unit(UnitId("planted", "planted", 3))
    assert months.phrase == "months"
    assert months.faithfulness is not None
    span = months.exemplars[0].region
    assert isinstance(span, TextSpan)
    assert span.activations[span.peak] == pytest.approx(months.exemplars[0].activation, rel=1e-3)
    assert span.tints[span.peak] == span.tints.max()
    assert abs(span.tints).max() == pytest.approx(1)
    lowest = months.downward[0].region
    assert isinstance(lowest, TextSpan)
    assert lowest.tints[lowest.peak] == pytest.approx(
        months.downward[0].activation / abs(lowest.activations).max(), rel=1e-2
    )
    assert months.downward_description is not None
    assert months.description is not None
    assert {top.word for top in months.description.top_words} >= {"may", "june"}
    assert dead.status is UnitStatus.DEAD
    assert all(own.image in months.passages for own in months.description.counter_exemplars)  # type: ignore[union-attr]


def test_a_second_run_does_nothing_again_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        export(catalog, "jsonl", tmp_path / "before.jsonl")
    run("describe", folder / "planted.npy", "--texts", folder / "text.txt", "--catalog", folder / "u.db")
    with Catalog.open(folder / "u.db") as catalog:
        export(catalog, "jsonl", tmp_path / "after.jsonl")
    assert (tmp_path / "before.jsonl").read_bytes() == (tmp_path / "after.jsonl").read_bytes()


def test_an_export_holds_the_text_and_its_strongest_word(folder: Path, tmp_path: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        for form in ("jsonl", "csv", "parquet"):
            assert export(catalog, form, tmp_path / f"units.{form}") == len(KINDS)
    first = json.loads((tmp_path / "units.jsonl").read_text().splitlines()[0])
    strongest = first["exemplars"][0]
    assert strongest["image"].startswith("sentence ")
    assert strongest["word"] in strongest["text"].split()


def test_the_gallery_holds_words_as_data_and_says_what_colours_mean(folder: Path, tmp_path: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        export(catalog, "html", tmp_path / "gallery")
    assert "<b>blue</b> words" in (tmp_path / "gallery" / "index.html").read_text()
    content = (tmp_path / "gallery" / "data" / "units-0.js").read_text()
    known = json.loads(content[content.index("{") : content.rindex("}") + 1])
    file, path, words = known["pictures"][0]
    assert file is None
    assert path.startswith("sentence ")
    _, _, tints, peak = known["units"][0]["exemplars"][0]
    assert len(tints) == len(words)
    assert tints[peak] == max(tints)
    assert max(map(abs, tints)) == 100


def test_a_unit_is_drawn_searched_and_shown(folder: Path, tmp_path: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        drawn = draw_unit(catalog.unit(UnitId("planted", "planted", 1)))
        hits = catalog.search("months")
    assert drawn.width > 1000
    assert len({pixel for _, pixel in drawn.getcolors(1 << 24) or ()}) > 50  # tints, not a blank page
    assert hits[0].unit.index == 0
    shown = run("show", folder / "u.db", "planted/planted/1", "-o", tmp_path / "unit.png")
    assert "the first word of the sentence" in shown.stdout


def test_an_audit_counts_text_units_and_shows_their_passages(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    questions = tmp_path / "questions.yaml"
    questions.write_text("title: Time\nconcepts:\n  - name: months\n    words: [months]\n")
    done = run("audit", folder / "u.db", "--questions", questions, "-o", page)
    assert done.exit_code == 0, done.output
    assert '<div class="passages">' in page.read_text()


def test_an_audit_without_questions_asks_a_text_what_fits_a_text(folder: Path) -> None:
    done = run("audit", folder / "u.db", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert "negation" in told["concepts"]
    assert "people" not in told["concepts"]
    (catalog,) = told["catalogs"]
    (months,), (place,) = (
        catalog["concepts"][name] for name in ("months, days and times", "place in the sentence")
    )
    assert months["answers"][0]["phrase"] == "months"
    assert place["answers"][0]["phrase"] == "the first word of the sentence"


def test_a_text_too_short_to_measure_says_how_many_words_went_to_each_side(tmp_path: Path) -> None:
    text = write_text(12, seed=2)
    (tmp_path / "few.txt").write_text("".join(" ".join(words) + "\n" for words in text.sentences.each()))
    np.save(tmp_path / "few.npy", np.random.default_rng(0).normal(size=(len(text.sentences), 2)))
    done = run(
        "describe", tmp_path / "few.npy", "--texts", tmp_path / "few.txt", "--catalog", tmp_path / "u.db"
    )
    assert done.exit_code == 0, done.output
    note = " ".join(done.stderr.split())
    assert f"of {len(text.sentences)} words" in note
    assert "200 are needed" in note
    assert "without a figure" in note


@pytest.mark.parametrize(
    ("model", "texts", "said"),
    [
        ("none.npy", "text.txt", "none.npy"),
        ("planted.npy", "short.txt", "shape"),
        ("planted.npy", "empty.txt", "no words"),
        ("planted.npy", "none.txt", "cannot be read"),
    ],
)
def test_what_does_not_line_up_is_told_in_one_line(folder: Path, model: str, texts: str, said: str) -> None:
    (folder / "short.txt").write_text("too few words\n")
    (folder / "empty.txt").write_text("\n\n")
    done = run("describe", folder / model, "--texts", folder / texts, "--catalog", folder / "other.db")
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_images_and_texts_are_not_given_together(folder: Path) -> None:
    both = ["--texts", folder / "text.txt", "--images", folder, "--catalog", folder / "other.db"]
    done = run("describe", folder / "planted.npy", *both)
    assert done.exit_code == 2
    assert "--texts is read by text networks" in done.stderr


def test_an_unknown_layer_and_units_that_are_not_there_are_refused(folder: Path) -> None:
    given = ["describe", folder / "planted.npy", "--texts", folder / "text.txt", "--catalog", folder / "o.db"]
    assert "There are planted" in run(*given, "--layer", "plante").stderr
    assert "the chosen layers have 0-3" in run(*given, "--units", "70-80").stderr
