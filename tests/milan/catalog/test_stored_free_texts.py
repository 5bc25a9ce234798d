from collections.abc import Callable
from dataclasses import replace

import pytest

from milan.catalog import Catalog
from milan.errors import CatalogError
from milan.records import Candidate, Description, Figure, FreeText, TextScores, UnitId

SCORES = TextScores(Figure(0.5, 0.25, 0.75), Figure(0.6, 0.5, 0.7), Figure(0.125, -0.5, 0.5))
WRITTEN = FreeText(
    1,
    "hf:writer",
    "k0",
    (Candidate("days", 1.5, -0.5, -2.0, "explainer"), Candidate("time", 1.0, -1.0, -2.0, "explainer")),
    24,
    SCORES,
    replace(SCORES, auc=Figure(0.5, 0.4, 0.6)),
    Figure(0.7, 0.6, 0.8),
)


def test_free_text_comes_back_as_it_was_and_the_newer_one_replaces_it(catalog: Catalog) -> None:
    catalog.store_free_text("tiny", "blocks.1", WRITTEN)
    assert catalog.unit(UnitId("tiny", "blocks.1", 1)).free_text == WRITTEN
    unmeasured = FreeText(1, "hf:other", "k1", WRITTEN.candidates[:1])
    catalog.store_free_text("tiny", "blocks.1", unmeasured)
    assert catalog.free_texts("tiny", "blocks.1") == {1: unmeasured}


def test_describing_anew_leaves_free_text_in_place(
    catalog: Catalog, make_description: Callable[..., Description]
) -> None:
    catalog.store_free_text("tiny", "blocks.1", WRITTEN)
    version = catalog.start_description("tiny", "blocks.1", {"another": "way"}, {})
    catalog.store_descriptions(version, [make_description(1, "other words")])
    catalog.finish_description(version)
    unit = catalog.unit(UnitId("tiny", "blocks.1", 1))
    assert unit.phrase == "other words"
    assert unit.free_text == WRITTEN


@pytest.mark.parametrize(("unit", "downward"), [(99, False), (1, True)])
def test_an_end_without_exemplars_gets_none(catalog: Catalog, unit: int, downward: bool) -> None:
    with pytest.raises(CatalogError, match="no exemplars"):
        catalog.store_free_text("tiny", "blocks.1", replace(WRITTEN, unit_index=unit), downward=downward)


def test_the_sentence_puts_each_figure_beside_a_shuffled_one() -> None:
    assert WRITTEN.sentence == (
        "days (simulation 0.12, shuffled 0.12, detection 0.50, shuffled 0.50, the description there 0.70)"
    )
    assert replace(WRITTEN, scores=None).sentence == "days (not measured)"
