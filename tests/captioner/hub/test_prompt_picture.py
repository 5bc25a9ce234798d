"""How a region is shown to a model that knows whole pictures only."""

import numpy as np
import pytest
import torch

from captioner.hub.prompt_picture import DIMMED, PromptPictureReader, prompt_picture

WHOLE = np.ones((4, 4), np.float32)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (80, 80, 3), dtype=np.uint8)


def test_a_whole_picture_is_left_as_it_is(picture: np.ndarray) -> None:
    np.testing.assert_array_equal(prompt_picture(picture, WHOLE, 80), picture)


def test_a_mask_of_zeros_stands_for_the_whole_picture(picture: np.ndarray) -> None:
    np.testing.assert_array_equal(prompt_picture(picture, np.zeros((4, 4), np.float32), 80), picture)


def test_outside_the_region_nothing_changes_but_brightness(picture: np.ndarray) -> None:
    mask = np.zeros((80, 80), np.float32)
    mask[:, 20:60] = 1  # as wide as half the picture: the window is the whole of it
    shown = prompt_picture(picture, mask, 80)
    np.testing.assert_array_equal(shown[:, 20:60], picture[:, 20:60])
    outside = np.ones(80, bool)
    outside[20:60] = False
    np.testing.assert_allclose(shown[:, outside], picture[:, outside] * DIMMED, atol=0.5)


def test_the_scale_of_a_mask_does_not_matter(picture: np.ndarray) -> None:
    mask = np.zeros((8, 8), np.float32)
    mask[2:5, 3:6] = 1
    once, seven_times = prompt_picture(picture, mask, 64), prompt_picture(picture, mask * 7, 64)
    np.testing.assert_allclose(once.astype(int), seven_times.astype(int), atol=1)  # a rounding apart


def test_a_small_region_fills_half_of_its_window(picture: np.ndarray) -> None:
    bright = np.full_like(picture, 200)
    mask = np.zeros((80, 80), np.float32)
    mask[30:50, 10:30] = 1
    shown = prompt_picture(bright, mask, 80)
    inside = shown[:, :, 0] > 150
    assert inside.any(axis=0).sum() == pytest.approx(40, abs=2)
    assert inside[20:60, 20:60].mean() > 0.95


def test_a_window_stays_inside_the_picture_where_it_fits() -> None:
    picture = np.full((80, 80, 3), 200, np.uint8)
    mask = np.zeros((80, 80), np.float32)
    mask[:10, 70:] = 1
    assert prompt_picture(picture, mask, 40).min() >= 45  # dimmed, never the black beyond an edge


@pytest.mark.parametrize("shape", [(40, 90), (90, 40), (1, 60), (3, 3)])
def test_pictures_of_any_shape_become_squares_that_keep_proportions(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 200, np.uint8)
    shown = prompt_picture(picture, WHOLE, 90)
    assert shown.shape == (90, 90, 3)
    expected = min(shape) / max(shape)
    assert (shown[..., 0] > 100).mean() == pytest.approx(expected, abs=0.05)


def test_features_survive_half_precision(picture: np.ndarray) -> None:
    reader = PromptPictureReader(torch.nn.Linear(40, 40), side=32)
    masks = np.stack([WHOLE, np.eye(4, dtype=np.float32)])
    features = reader.read([picture], [masks])[0]
    assert features.shape == (2, 32, 32, 3)
    np.testing.assert_array_equal(features, features.astype(np.float16))
    assert len(reader.tensor_hashes) == 1


def test_a_picture_without_regions_has_no_features(picture: np.ndarray) -> None:
    reader = PromptPictureReader(torch.nn.Linear(2, 2), side=32)
    assert reader.read([picture], [np.zeros((0, 4, 4), np.float32)])[0].shape == (0, 32, 32, 3)
