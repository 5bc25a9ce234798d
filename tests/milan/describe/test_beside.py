"""What lies beside regions, and which half of a thing they are by it."""

import numpy as np
import pytest

from milan.describe.beside import OPPOSITE, half_of, neighbours

N_REGIONS = 10


def region(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((8, 8), np.float32)
    mask[rows, columns] = 1
    return mask


def test_neighbours_are_the_region_moved_by_its_own_size() -> None:
    left, right, top, bottom = neighbours(region(slice(4, 6), slice(3, 5)))
    np.testing.assert_array_equal(left, region(slice(4, 6), slice(1, 3)))
    np.testing.assert_array_equal(right, region(slice(4, 6), slice(5, 7)))
    np.testing.assert_array_equal(top, region(slice(2, 4), slice(3, 5)))
    np.testing.assert_array_equal(bottom, region(slice(6, 8), slice(3, 5)))


def test_at_the_border_and_of_nothing_there_is_no_neighbour() -> None:
    left, right, *_ = neighbours(region(slice(2, 4), slice(0, 3)))
    assert not left.any()
    assert right.sum() == 6
    assert not neighbours(np.zeros((8, 8), np.float32)).any()


def shown(**beside: float) -> np.ndarray:
    """The thing goes on to these sides, equally in all regions."""
    row = [beside.get(side, 0.0) for side in OPPOSITE]
    return np.tile(np.array(row, np.float32), (N_REGIONS, 1))


@pytest.mark.parametrize("rest", OPPOSITE)
def test_a_half_lies_across_from_the_rest_of_the_thing(rest: str) -> None:
    assert half_of(shown(**{rest: 0.4})) == OPPOSITE[rest]


def test_whole_things_and_those_that_go_on_to_both_sides_are_no_halves() -> None:
    assert half_of(shown()) is None
    assert half_of(shown(right=0.03)) is None
    assert half_of(shown(left=0.3, right=0.4)) is None


def test_few_regions_with_a_neighbour_say_nothing() -> None:
    few = shown(right=0.4)
    few[5:, list(OPPOSITE).index("right")] = np.nan
    assert half_of(few) is None
    assert half_of(np.full((N_REGIONS, len(OPPOSITE)), np.nan, np.float32)) is None
