from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.errors import DataError
from milan.scenes.colours import main_colour
from milan.scenes.drawing.cutouts import resized, twemoji
from milan.scenes.planted import drawings_in, redrawn


def test_a_redrawn_emoji_has_the_outline_of_the_first_and_other_pixels() -> None:
    first, again = twemoji("🍎"), redrawn("🍎")
    assert first is not None
    assert again is not None
    large = resized(first, *again.shape[:2])
    solid, other = large[..., 3] >= 128, again[..., 3] >= 128
    assert (solid & other).sum() / (solid | other).sum() > 0.9
    differs = np.abs(large[..., :3].astype(int) - again[..., :3]).sum(2) > 30
    assert differs[solid & other].mean() > 0.7
    assert main_colour(again) == "red"


def test_a_drawing_is_the_same_every_time_and_none_where_twemoji_has_none() -> None:
    assert np.array_equal(redrawn.__wrapped__("🐶"), redrawn.__wrapped__("🐶"))
    assert redrawn("x") is None


def test_a_folder_of_drawings_is_read_by_code_points(tmp_path: Path) -> None:
    for name in ("1F34E.png", "emoji_u1f436.png"):
        Image.new("RGBA", (10, 10), (9, 8, 7, 255)).save(tmp_path / name)
    style = drawings_in(tmp_path)
    apple, dog = style("🍎"), style("🐶")
    assert apple is not None
    assert dog is not None
    assert apple[0, 0].tolist() == [9, 8, 7, 255]
    assert style("🚗") is None


def test_a_folder_without_drawings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"1F34E\.png"):
        drawings_in(tmp_path)
