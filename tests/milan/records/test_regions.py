import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from milan.records import ImageRegion

grids = arrays(
    np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(-100, 100, width=32)
)


@given(grid=grids, height=st.integers(1, 40), width=st.integers(1, 40))
def test_maps_are_drawn_as_torch_draws_them_with_half_pixel_centres(
    grid: np.ndarray, height: int, width: int
) -> None:
    drawn = ImageRegion("a.png", grid, 0.0).resized(height, width)
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(grid)[None, None], (height, width), mode="bilinear", align_corners=False
    )[0, 0].numpy()
    np.testing.assert_allclose(drawn, expected, atol=1e-3)


@given(grid=grids, threshold=st.floats(-200, 200))
def test_a_region_is_never_empty(grid: np.ndarray, threshold: float) -> None:
    assert ImageRegion("a.png", grid, threshold).mask(12, 12).any()


def test_an_exemplar_that_barely_passes_the_threshold_shows_its_upper_half_and_not_a_dot() -> None:
    ramp = np.linspace(0, 10, 16, dtype=np.float32).reshape(4, 4)
    assert ImageRegion("a.png", ramp, 9.9).mask(4, 4).sum() == 8
    assert ImageRegion("a.png", ramp, 2.5).mask(4, 4).sum() == 12
    assert ImageRegion("a.png", ramp, float("nan")).mask(4, 4).sum() == 8


def test_half_way_is_counted_from_zero_when_the_map_goes_below_it() -> None:
    ramp = np.linspace(-20, 10, 16, dtype=np.float32).reshape(4, 4)
    assert ImageRegion("a.png", ramp, 9.9).level == 5
    assert ImageRegion("a.png", ramp - 20, 9.9).level == -10


def test_a_region_lies_where_the_unit_is_active() -> None:
    grid = np.zeros((4, 4), np.float32)
    grid[0, 3] = 10
    mask = ImageRegion("a.png", grid, 4.0).mask(16, 16)
    assert mask[:3, 13:].all()
    assert not mask[8:].any()
    assert not mask[:, :8].any()
