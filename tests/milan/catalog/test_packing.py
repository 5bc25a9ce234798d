"""Half the room for activations, and how near they come back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from milan.catalog.packing import pack_columns, pack_names, unpack_columns, unpack_names

activations = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
    elements=st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False),
)


@given(activations)
def test_activations_come_back_as_near_as_promised(array: np.ndarray) -> None:
    found = unpack_columns(pack_columns(array), *array.shape)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    scales = np.abs(array).max(axis=0, initial=0)
    wrong = np.abs(found.astype(np.float64) - array)
    assert (wrong <= 2.0**-12 * scales * 1.001).all()
    large = np.abs(array) > 6.2e-5 * scales
    assert (wrong[large] <= 2.0**-11 * 1.001 * np.abs(array[large])).all()


@given(activations)
def test_what_was_unpacked_packs_to_the_same_bytes(array: np.ndarray) -> None:
    packed = pack_columns(array)
    assert pack_columns(unpack_columns(packed, *array.shape)) == packed


def test_a_quiet_unit_is_kept_as_finely_as_a_loud_one() -> None:
    array = np.array([[1e-7, 1e6], [0.5e-7, 3e5], [-1e-9, 0.0]], np.float32)
    assert unpack_columns(pack_columns(array), 3, 2) == pytest.approx(array, rel=1e-3)


def test_what_is_not_finite_comes_back_and_spares_its_neighbours() -> None:
    array = np.array([[np.nan, np.inf, 0.0], [0.25, -np.inf, 0.0], [-0.5, 3.0, 0.0]], np.float32)
    np.testing.assert_array_equal(unpack_columns(pack_columns(array), 3, 3), array)


def test_packed_activations_take_half_the_room_of_floats() -> None:
    array = np.random.default_rng(0).normal(size=(200, 300)).astype(np.float32)
    assert len(pack_columns(array)) < 0.52 * array.nbytes


def test_names_come_back_in_their_order() -> None:
    names = ("b/ü.jpg", "a.jpg", "")
    assert unpack_names(pack_names(names)) == names
