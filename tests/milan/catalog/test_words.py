"""What all units are said to respond to, as columns."""

from collections.abc import Callable

import numpy as np
import pytest

from milan.catalog import Catalog
from milan.errors import UnknownName
from milan.records import Description, Faithfulness, ShuffledFaithfulness, UnitStatus

Describe = Callable[..., int]


def test_units_come_as_columns_with_what_is_said_and_what_is_held_back(
    catalog: Catalog,
    make_description: Callable[..., Description],
    make_faithfulness: Callable[[float], Faithfulness],
) -> None:
    version = catalog.start_description("tiny", "blocks.1", {}, {})
    catalog.store_descriptions(
        version,
        [
            make_description(0, "a dog", "a cat", faithfulness=make_faithfulness(0.5)),
            make_description(2, "a car", status=UnitStatus.INCONSISTENT),
            make_description(3, "a dog"),
        ],
    )
    said = catalog.said()
    assert len(said) == 5
    assert [str(said.unit(row)) for row in (0, 4)] == ["tiny/blocks.1/0", "tiny/blocks.1/4"]
    assert said.phrases == ("a car", "a dog")
    assert said.phrase.tolist() == [1, -1, 0, 1, -1]
    assert said.is_said.tolist() == [True, False, False, True, False]
    assert [str(status) for status in said.statuses[1:3]] == ["pending", "inconsistent"]
    assert said.statuses[4] is UnitStatus.DEAD
    assert said.faithfulness[0].tolist() == [0.5, 0.5 - 1 / 16, 0.5 + 1 / 16]
    assert np.isnan(said.faithfulness[1:]).all()


def test_they_are_what_the_units_themselves_say(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a wolf", "a dog"], 1: ["two cats"]}, beams=1)
    describe({0: ["a fox"], 2: ["a car"]}, beams=2)
    said = catalog.said("tiny", "blocks.1")
    by_unit = {unit.id: (unit.phrase, unit.status) for unit in catalog.units()}
    for row in range(len(said)):
        best = int(said.phrase[row])
        phrase = said.phrases[best] if best >= 0 else None
        assert (phrase, said.statuses[row]) == by_unit[said.unit(row)]


def test_vectors_come_along_where_they_are_kept(catalog: Catalog, describe: Describe) -> None:
    describe({0: ["a wolf"], 1: ["a dog"]})
    assert catalog.said().vectors.shape == (2, 0)
    catalog.index_meanings(lambda phrases: np.array([[3.0, 4.0]] * len(phrases)))
    assert catalog.said().vectors == pytest.approx(np.array([[0.6, 0.8]] * 2), abs=1e-3)


def test_what_shuffled_descriptions_reach_comes_along(catalog: Catalog, describe: Describe) -> None:
    version = describe({0: ["a wolf"], 1: ["a dog"]})
    assert catalog.said().layers[0].shuffled is None
    known = ShuffledFaithfulness((1,) * 400)
    catalog.store_shuffled(version, known)
    assert catalog.said().layers[0].shuffled == known
    catalog.store_shuffled(version, None)
    assert catalog.said().layers[0].shuffled is None


def test_a_layer_that_is_not_there_is_told_with_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match=r"blocks\.11.*blocks\.1"):
        catalog.said("tiny", "blocks.11")


def test_a_catalog_in_which_nothing_is_described_has_units_without_words(catalog: Catalog) -> None:
    said = catalog.said()
    assert (len(said), said.phrases) == (5, ())
    assert said.phrase.tolist() == [-1] * 5
