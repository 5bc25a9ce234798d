"""The map of units."""

from collections.abc import Callable

import numpy as np
import pytest

from milan.catalog import Catalog
from milan.catalog.unit_map import COLUMNS, ROWS, UnitMap, Window
from milan.records import Description, Faithfulness

Describe = Callable[..., int]


def embed(phrases: list[str]) -> np.ndarray:
    """Animals lie to one side, cars to the other; longer phrases further up or down."""
    return np.array([[5.0 * ("car" in phrase), 0.3 * len(phrase), 1.0] for phrase in phrases])


@pytest.fixture
def placed(
    catalog: Catalog,
    make_description: Callable[..., Description],
    make_faithfulness: Callable[[float], Faithfulness],
) -> UnitMap:
    said = [("a dog", 0.3), ("a wolf", 0.2), ("a red car", 0.1), ("a dog", 0.4)]
    words = [
        make_description(unit, phrase, faithfulness=make_faithfulness(mean))
        for unit, (phrase, mean) in enumerate(said)
    ]
    catalog.store_descriptions(catalog.start_description("tiny", "blocks.1", {}, {}), words)
    catalog.index_meanings(embed)
    return catalog.unit_map()


def test_a_field_shows_its_most_faithful_unit_and_counts_all(placed: UnitMap) -> None:
    seen = placed.view(Window())
    assert (seen.n_units, sum(cell.n_units for cell in seen.cells)) == (4, 4)
    [dogs] = [cell for cell in seen.cells if cell.phrase == "a dog"]
    assert (dogs.unit.index, dogs.n_units, dogs.n_phrases) == (3, 2, 1)
    assert dogs.faithfulness == pytest.approx(0.4)


def test_a_field_is_a_window_that_holds_what_it_counts(placed: UnitMap) -> None:
    for cell in placed.view(Window()).cells:
        closer = placed.view(cell.window)
        assert cell.unit in {one.unit for one in closer.cells}
        assert closer.n_units >= cell.n_units, "a window is a little larger than a field"


def test_what_is_wanted_alone_is_shown(placed: UnitMap) -> None:
    assert placed.view(Window(), "tiny", "blocks.1").n_units == 4
    assert placed.view(Window(), "tiny", "blocks.0") == ((), 0)
    assert placed.view(Window(), "other") == ((), 0)


@pytest.mark.parametrize("window", [Window(0, 0, 4), Window(1, 1, 4), Window(0.9, 0.1, 64)])
def test_windows_stay_within_the_plane(window: Window) -> None:
    assert 0 <= window.left <= 1 - 1 / window.zoom
    assert 0 <= window.top <= 1 - 1 / window.zoom


def test_phrases_are_spread_evenly_over_the_plane() -> None:
    rng = np.random.default_rng(0)
    phrases = tuple(map(str, range(960)))
    from milan.catalog.unit_map import _spread

    places = _spread(rng.normal(size=(960, 2)) ** 3)
    n = np.histogram2d(*places.T, bins=(COLUMNS, ROWS))[0]
    assert (n.sum(0) == len(phrases) / ROWS).all()
    assert (n.sum(1) == len(phrases) / COLUMNS).all()


def test_vectors_read_in_parts_place_phrases_as_vectors_read_at_once(
    catalog: Catalog, placed: UnitMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    from milan.catalog import unit_map

    monkeypatch.setattr(unit_map, "VECTORS_A_PART", 2)
    catalog.index_meanings(lambda phrases: np.ones((len(phrases), 3)), "another")  # the file has changed
    again = catalog.unit_map()
    assert again is not placed
    np.testing.assert_array_equal(again.places, placed.places)


def test_phrases_without_vectors_and_empty_catalogs_have_no_place(
    catalog: Catalog, describe: Describe
) -> None:
    assert catalog.unit_map().view(Window()) == ((), 0)
    describe({0: ["a dog"]})
    assert catalog.unit_map().view(Window()) == ((), 0)
