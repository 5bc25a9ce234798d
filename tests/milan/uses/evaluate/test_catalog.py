"""A catalog's descriptions stand beside baselines, and it keeps the table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import milan.uses.evaluate.catalog as evaluation
from milan.catalog import Catalog
from milan.describe import Simulator
from milan.errors import CatalogError, DataError, UnknownName
from milan.records import WordsOf
from milan.uses.evaluate import EvaluateOptions, evaluate_catalog

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def colours_measure(monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> None:
    def reopen(identity: dict[str, str], bank: str, **_: Any) -> Simulator:
        assert (identity, bank) == (simulator.identity, "b")
        return simulator

    monkeypatch.setattr(evaluation, "reopen_simulator", reopen)


def test_right_words_predict_and_shuffled_and_constant_ones_do_not(make_catalog: Make, colours: Path) -> None:
    (found,) = evaluate_catalog(make_catalog("colour"), EvaluateOptions(images=colours))
    assert (found.n_units, found.n_images, found.simulator) == (6, 220, "colours")
    constant, shuffled = found.of(WordsOf.CONSTANT), found.of(WordsOf.SHUFFLED)
    assert constant is not None
    assert shuffled is not None
    assert constant.phrase == "an animal"
    assert constant.mean.value < 0.3
    assert shuffled.mean.value < 0
    assert found.auroc == (1.0, 1.0, 1.0)
    assert found.n_rivals == 6
    assert found.levels[0].right == 1
    assert found.abstained.value == pytest.approx(1 / 6)
    assert found.distinct == 0.5


def test_the_stated_figures_head_the_table_and_a_unit_without_explanation_counts_as_nothing(
    make_catalog: Make,
) -> None:
    (found,) = evaluate_catalog(make_catalog("colour"))
    phrase, explanation = found.predictors
    assert (phrase.words, phrase.mean.value, phrase.peak.value) == (WordsOf.PHRASE, 0.5, 0.25)
    assert (explanation.words, explanation.mean.value) == (WordsOf.EXPLANATION, pytest.approx(0.5 * 5 / 6))
    assert not found.read_pictures


def test_the_table_is_kept_until_words_change(make_catalog: Make, colours: Path) -> None:
    catalog = make_catalog("colour")
    measured = evaluate_catalog(catalog, EvaluateOptions(images=colours))
    assert evaluate_catalog(catalog) == measured
    with Catalog.open(catalog) as store:
        (layer,) = store.layers()
        store.store_descriptions(layer.versions[0].number, [next(store.units()).description])  # type: ignore[list-item]
    assert not evaluate_catalog(catalog)[0].read_pictures


def test_the_same_seed_gives_the_same_table_and_each_layer_its_own(make_catalog: Make, colours: Path) -> None:
    catalog = make_catalog("one", "two")
    options = EvaluateOptions(images=colours)
    first = evaluate_catalog(catalog, options)
    assert [own.layer for own in first] == ["one", "two"]
    assert evaluate_catalog(catalog, options) == first
    alone = evaluate_catalog(catalog, EvaluateOptions(images=colours, layers=("tw*",)))
    assert alone == first[1:]


def test_what_the_exemplars_alone_say_stands_beside_where_the_catalog_has_it(
    make_catalog: Make, colours: Path
) -> None:
    catalog = make_catalog("colour", ways=("pmi", "range"))
    (found,) = evaluate_catalog(catalog, EvaluateOptions(images=colours))
    alone, phrase = found.of(WordsOf.EXEMPLARS_ALONE), found.of(WordsOf.PHRASE)
    assert alone is not None
    assert phrase is not None
    assert alone.n_units == 6
    assert alone.mean.value < phrase.mean.value


def test_another_layer_names_the_nearest(make_catalog: Make) -> None:
    with pytest.raises(UnknownName, match=r"no described layer 'colours'\. Did you mean 'colour'"):
        evaluate_catalog(make_catalog("colour"), EvaluateOptions(layers=("colours",)))


def test_another_folder_is_told_from_the_one_that_was_described(make_catalog: Make, colours: Path) -> None:
    catalog = make_catalog("colour")
    with pytest.raises(DataError, match=r"is not the folder that net/colour was described from: 000\.png"):
        evaluate_catalog(catalog, EvaluateOptions(images=colours.parent))
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(colours / "007.png")
    with pytest.raises(DataError, match="have changed since net/colour was described"):
        evaluate_catalog(catalog, EvaluateOptions(images=colours))


def test_the_folder_is_known_again_when_contents_chose_the_sides(make_catalog: Make, colours: Path) -> None:
    catalog = make_catalog("colour", measure_from=None)
    with pytest.raises(DataError, match=r"1\d\d images measured net/colour, 200 are needed"):
        evaluate_catalog(catalog, EvaluateOptions(images=colours))


def test_a_catalog_that_nothing_measured_cannot_be_measured_later(make_catalog: Make, colours: Path) -> None:
    catalog = make_catalog("colour", measured=False)
    (found,) = evaluate_catalog(catalog)
    assert (found.predictors, found.n_images, found.simulator) == ((), 0, None)
    with pytest.raises(CatalogError, match="--simulator none"):
        evaluate_catalog(catalog, EvaluateOptions(images=colours))


def test_a_catalog_without_words_says_what_to_do(make_catalog: Make) -> None:
    with pytest.raises(CatalogError, match="nothing is described yet"):
        evaluate_catalog(make_catalog("colour", ways=()))
