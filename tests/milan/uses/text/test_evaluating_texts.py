"""`milan evaluate` of a text catalog: its words beside words that know little, kept when described."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from milan.catalog import Catalog
from milan.describe.text.planted import Kind, plant_text_units, write_text
from milan.records import LayerEvaluation, WordsOf
from milan.surfaces.cli import app

KINDS = [Kind.MONTHS, Kind.FIRST_WORD, Kind.SUFFIX, Kind.DEAD]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("evaluated")
    text = write_text(500, seed=2)
    lines = [" ".join(words) for words in text.sentences.each()]
    (found / "text.txt").write_text("\n".join(lines) + "\n")
    np.save(found / "planted.npy", plant_text_units(text, 2, 2, KINDS).matrix)
    done = run("describe", found / "planted.npy", "--texts", found / "text.txt", "--catalog", found / "u.db")
    assert done.exit_code == 0, done.output
    return found


@pytest.fixture(scope="module")
def kept(folder: Path) -> LayerEvaluation:
    with Catalog.open(folder / "u.db") as catalog:
        (layer,) = catalog.layers()
        found = catalog.evaluation(layer.versions[0].number)
    assert found is not None
    return found


def test_own_phrases_are_ahead_of_every_baseline(kept: LayerEvaluation) -> None:
    own = kept.of(WordsOf.PHRASE)
    assert own is not None
    assert own.n_units == kept.n_units == 6  # the dead ones have no words
    for words in (WordsOf.MOST_FREQUENT, WordsOf.CONSTANT, WordsOf.SHUFFLED):
        baseline = kept.of(words)
        assert baseline is not None
        assert own.mean.low > baseline.mean.high, words
    assert kept.retrieved is not None
    assert kept.auroc is not None
    assert kept.auroc.value > 0.9


def test_a_phrase_for_all_gets_whichever_sign_fits(kept: LayerEvaluation) -> None:
    for words in (WordsOf.MOST_FREQUENT, WordsOf.CONSTANT):
        baseline = kept.of(words)
        assert baseline is not None
        assert baseline.phrase
        assert baseline.mean.low >= 0


def test_words_are_told_and_no_picture_is_asked_for(folder: Path) -> None:
    done = run("evaluate", folder / "u.db")
    assert done.exit_code == 0, done.output
    assert "words of sentences that chose none of them" in done.stdout
    assert "constant" in done.stdout
    assert "image" not in done.stdout
    assert "peak" not in done.stdout
    (told,) = json.loads(run("evaluate", folder / "u.db", "--json").stdout)
    assert told["measured_in"] == "words"


def test_a_catalog_described_before_gets_its_baselines_from_the_same_command(folder: Path) -> None:
    with Catalog.open(folder / "u.db") as catalog:
        (layer,) = catalog.layers()
        version = layer.versions[0].number
        before = catalog.evaluation(version)
        units = [unit.description for unit in catalog.units() if unit.description]
        catalog.store_descriptions(version, units[:1])  # other words: what was evaluated is forgotten
        assert catalog.evaluation(version) is None
    assert "run milan describe again" in run("evaluate", folder / "u.db").stdout
    run("describe", folder / "planted.npy", "--texts", folder / "text.txt", "--catalog", folder / "u.db")
    with Catalog.open(folder / "u.db") as catalog:
        assert catalog.evaluation(version) == before


def test_images_are_refused_for_a_text(folder: Path) -> None:
    done = run("evaluate", folder / "u.db", "--images", folder)
    assert done.exit_code == 1
    assert "leave out --images" in done.stderr
