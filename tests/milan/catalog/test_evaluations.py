"""How good descriptions are is kept beside them, and gone when they change."""

from collections.abc import Callable

import pytest

from milan.catalog import Catalog
from milan.records import Figure, LayerEvaluation, Predictor, SilenceLevel, WordsOf

Describe = Callable[..., int]

STATED = LayerEvaluation("tiny", "blocks.1", 2, 640, Figure(0.5, 0, 1), 1.0, "lite2")
FULL = LayerEvaluation(
    "tiny",
    "blocks.1",
    2,
    640,
    Figure(0.5, 0, 1),
    1.0,
    "lite2",
    (
        Predictor(WordsOf.PHRASE, 2, Figure(1 / 3, 0.1, 0.5), Figure(0.2, 0.1, 0.3)),
        Predictor(WordsOf.CONSTANT, 2, Figure(0.0, -0.1, 0.1), Figure(0.01, 0, 0.1), "an animal"),
    ),
    auroc=Figure(0.96, 0.9, 1.0),
    retrieved=Figure(1.0, 1.0, 1.0),
    n_rivals=2,
    levels=(SilenceLevel(0.05, 0.15, 0.9),),
)


@pytest.mark.parametrize("evaluation", [STATED, FULL])
def test_an_evaluation_comes_back_exactly(
    catalog: Catalog, describe: Describe, evaluation: LayerEvaluation
) -> None:
    version = describe({0: ["a dog"], 1: ["a cat"]})
    assert catalog.evaluation(version) is None
    catalog.store_evaluation(version, evaluation)
    found = catalog.evaluation(version)
    assert found == evaluation
    assert found is not None
    assert found.read_pictures == (evaluation is FULL)
    assert found.of(WordsOf.CONSTANT) == evaluation.of(WordsOf.CONSTANT)


def test_a_later_evaluation_takes_the_place_of_an_earlier_one(catalog: Catalog, describe: Describe) -> None:
    version = describe({0: ["a dog"]})
    catalog.store_evaluation(version, STATED)
    catalog.store_evaluation(version, FULL)
    assert catalog.evaluation(version) == FULL


def test_other_words_make_a_version_forget_its_evaluation_and_no_other(
    catalog: Catalog, describe: Describe
) -> None:
    first, second = describe({0: ["a dog"]}), describe({0: ["a dog"]}, beams=6)
    catalog.store_evaluation(first, FULL)
    catalog.store_evaluation(second, FULL)
    assert describe({0: ["a cat"]}) == first
    assert catalog.evaluation(first) is None
    assert catalog.evaluation(second) == FULL


def test_a_layer_names_its_versions_the_shown_one_first(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a dog"]})
    describe({0: ["a cat"], 1: ["a bus", "a car"]}, beams=6)
    (layer,) = catalog.layers()
    assert str(layer) == "tiny/blocks.1"
    assert layer.provenance.dataset_hash == "d0"
    assert [version.settings["beams"] for version in layer.versions] == [6, 5]
    assert catalog.best_phrases(layer.versions[0].number) == {0: "a cat", 1: "a bus"}
