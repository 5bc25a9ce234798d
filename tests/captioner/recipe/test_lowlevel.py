from pathlib import Path

import numpy as np
from PIL import Image

from captioner.recipe.lowlevel import pixel_samples
from captioner.samples import draw_mask


def named(folder: Path, pixels: np.ndarray) -> dict[str, np.ndarray]:
    Image.fromarray(pixels.astype(np.uint8)).save(folder / "a.png")
    found = pixel_samples(folder, ["a.png"], seed=0)
    height, width = pixels.shape[:2]
    return {phrase: draw_mask(s.mask, width, height, folder) for s in found for phrase in s.phrases}


def test_colours_are_named_where_they_are(tmp_path: Path) -> None:
    pixels = np.full((112, 112, 3), (245, 245, 245))
    pixels[:, :40] = (210, 25, 30)
    masks = named(tmp_path, pixels)
    assert masks["the colour red"][:, :9].all()
    assert not masks["the colour red"][:, 11:].any()


def test_stripes_have_the_direction_that_they_are_seen_in(tmp_path: Path) -> None:
    stripes = np.full((112, 112), 128.0)
    stripes[:, :56] += 100 * np.sin(np.arange(56) / 2)  # a region is never most of its picture
    upright = np.repeat(stripes[..., None], 3, 2)
    assert "vertical lines" in named(tmp_path, upright)
    assert "horizontal lines" not in named(tmp_path, upright)
    lying = named(tmp_path, upright.transpose(1, 0, 2))
    assert "horizontal lines" in lying
    assert "vertical lines" not in lying


def test_lines_that_rise_to_the_right_are_not_called_falling(tmp_path: Path) -> None:
    rows, columns = np.mgrid[:112, :112]
    rising = 128 + 100 * np.sin((rows + columns) / 2.5)  # constant along /, as seen
    rising[:56] = 128  # a region is never most of its picture
    masks = named(tmp_path, np.repeat(rising[..., None], 3, 2))
    assert "lines rising to the right" in masks
    assert "lines falling to the right" not in masks
