"""What a network sees of a picture."""

import json

import numpy as np
import pytest
import skimage.data
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torchvision.transforms import functional as F

from milan.errors import BadSetting, DataError
from milan.networks import Preprocessing


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 90), st.integers(20, 90), st.sampled_from(["bilinear", "bicubic"]))
def test_the_view_is_torchvisions_resize_and_centre_crop(width: int, height: int, filter_: str) -> None:
    source = Image.fromarray(skimage.data.coffee()[100 : 100 + height, 100 : 100 + width])
    seen = Preprocessing((28, 28), (32, 32), interpolation=filter_).view(source)
    resized = F.resize(source, [32], F.InterpolationMode(filter_))
    expected = np.asarray(F.center_crop(resized, [28, 28]))
    assert np.abs(seen.astype(int) - expected.astype(int)).mean() < 0.5, (
        "of 255: an 8-bit step between two passes"
    )


def test_the_input_is_torchvisions_normalised_tensor() -> None:
    view = Preprocessing.from_size((24, 32)).view(picture(50, 40))
    expected = F.normalize(F.to_tensor(view), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    ours = torch.from_numpy(Preprocessing.from_size((24, 32)).to_input(view))
    assert ours.dtype == torch.float32
    assert torch.allclose(ours, expected, atol=1e-6)


def test_several_views_are_converted_at_once() -> None:
    preprocessing = Preprocessing.from_size((8, 8))
    views = np.stack([preprocessing.view(picture(10, 12)), preprocessing.view(picture(9, 30))])
    together = preprocessing.to_input(views)
    assert np.array_equal(together[1], preprocessing.to_input(views[1]))


def test_squashing_keeps_the_whole_picture() -> None:
    source = picture(60, 20)
    seen = Preprocessing((16, 16), (16, 16), squash=True).view(source)
    assert np.array_equal(seen, np.asarray(source.resize((16, 16), Image.Resampling.BICUBIC)))


@pytest.mark.parametrize("size", [(20_000, 1), (1, 20_000), (1, 1), (3, 5000)])
def test_extreme_pictures_give_a_view_of_the_right_size(size: tuple[int, int]) -> None:
    assert Preprocessing((28, 28), (32, 32)).view(Image.new("RGB", size, "red")).shape == (28, 28, 3)


def test_a_wide_input_is_covered() -> None:
    view = Preprocessing.from_size((16, 48)).view(Image.new("RGB", (30, 30), "white"))
    assert view.shape == (16, 48, 3)
    assert (view == 255).all()


def test_pictures_become_what_the_network_takes() -> None:
    gray = Preprocessing.from_size((8, 8), channels=1)
    assert gray.view(picture(9, 9)).shape == (8, 8, 1)
    assert gray.to_input(gray.view(picture(9, 9))).shape == (1, 8, 8)
    colour = Preprocessing.from_size((8, 8))
    assert colour.view(picture(9, 9, "L")).shape == (8, 8, 3)
    assert colour.view(np.zeros((9, 9), dtype=np.uint8)).shape == (8, 8, 3)
    assert gray.view(np.zeros((9, 9, 3), dtype=np.uint8)).shape == (8, 8, 1)


def test_arrays_of_five_channels_are_resized_channel_by_channel() -> None:
    array = np.random.default_rng(0).integers(0, 256, (20, 30, 5), dtype=np.uint8)
    preprocessing = Preprocessing.from_size((8, 8), channels=5)
    one = Preprocessing.from_size((8, 8), channels=1)
    view = preprocessing.view(array)
    assert view.shape == (8, 8, 5)
    assert np.array_equal(view[:, :, 3:4], one.view(array[:, :, 3]))
    assert preprocessing.to_input(view).shape == (5, 8, 8)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.full((4, 4), 65535, dtype=np.uint16), 255),
        (np.full((4, 4), -32768, dtype=np.int16), 0),
        (np.full((4, 4), 0.5, dtype=np.float32), 128),
        (np.ones((4, 4), dtype=bool), 255),
    ],
)
def test_arrays_are_read_on_their_types_range(array: np.ndarray, expected: int) -> None:
    view = Preprocessing.from_size((4, 4), channels=1).view(array)
    assert (view == expected).all()


@pytest.mark.parametrize(
    ("array", "complaint"),
    [
        (np.full((4, 4), 7.0), "scale 0..1, got 7..7"),
        (np.full((4, 4), np.nan), "scale 0..1, got nan"),
        (np.zeros((4, 4, 2), dtype=np.uint8), "takes 1 channels, the picture has 2"),
        (np.zeros(4, dtype=np.uint8), "got shape"),
        (np.array([["a"]]), "holds numbers"),
    ],
)
def test_arrays_that_make_no_picture_are_refused(array: np.ndarray, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        Preprocessing.from_size((4, 4), channels=1).view(array)


def test_a_picture_has_too_few_channels_for_five() -> None:
    with pytest.raises(DataError, match="takes 5 channels and a picture has at most 4: give arrays"):
        Preprocessing.from_size((4, 4), channels=5).view(picture(5, 5))


def test_reversed_channels() -> None:
    view = np.zeros((2, 2, 3), dtype=np.uint8)
    view[..., 0] = 255
    usual = Preprocessing((2, 2), (2, 2), mean=(0.0,) * 3, std=(1.0,) * 3)
    reversed_ = Preprocessing((2, 2), (2, 2), mean=(0.0,) * 3, std=(1.0,) * 3, bgr=True)
    assert usual.to_input(view)[:, 0, 0].tolist() == [1, 0, 0]
    assert reversed_.to_input(view)[:, 0, 0].tolist() == [0, 0, 1]


def test_a_new_size_keeps_the_share_that_the_crop_shows() -> None:
    changed = Preprocessing((224, 224), (256, 256)).changed(size=(112, 224), mean=(0.5, 0.5, 0.5))
    assert (changed.size, changed.resize) == ((112, 224), (128, 256))
    assert changed.mean == (0.5, 0.5, 0.5)


def test_it_can_be_written_as_json() -> None:
    written = Preprocessing.from_size((4, 8)).as_dict()
    assert json.loads(json.dumps(written)) == written
    assert written["size"] == [4, 8]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"size": (0, 4)}, "at least 1 pixel"),
        ({"mean": (0.5,)}, "name each channel once"),
        ({"mean": (0.5,), "std": (0.0,)}, "std is above 0"),
    ],
)
def test_impossible_settings_are_refused(options: dict[str, tuple[float, ...]], complaint: str) -> None:
    with pytest.raises(BadSetting, match=complaint):
        Preprocessing(**({"size": (4, 4), "resize": (4, 4)} | options))
