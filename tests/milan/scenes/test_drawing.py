import numpy as np
import pytest

from milan.scenes.colours import COLOURS, jittered, main_colour
from milan.scenes.concepts import concepts
from milan.scenes.drawing.backgrounds import PAINTINGS
from milan.scenes.drawing.cutouts import resized, twemoji
from milan.scenes.drawing.lettering import LETTERS, WORDS, text_coverage
from milan.scenes.drawing.shapes import SHAPES, shape_coverage
from milan.scenes.drawing.textures import TEXTURES, paint_texture


@pytest.mark.parametrize("name", sorted(PAINTINGS))
@pytest.mark.parametrize("size", [33, 96])
def test_regions_of_a_background_are_disjoint_and_cover_it(name, size):
    painting = PAINTINGS[name]
    background = painting.paint(size, np.random.default_rng(1))
    assert background.picture.shape == (size, size, 3)
    assert (np.sum([region.mask for region in background.regions], axis=0) == 1).all()
    assert tuple(region.concept for region in background.regions) == painting.concepts
    assert all(region.concept in concepts() for region in background.regions)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_shape_fills_its_square_in_one_direction_at_least(name):
    inside = shape_coverage(name, 40) >= 128
    assert max(np.ptp(np.flatnonzero(inside.any(axis=axis))) for axis in (0, 1)) >= 36
    assert 0.15 < inside.mean() <= 1


@pytest.mark.parametrize("name", sorted(TEXTURES))
def test_a_texture_shows_both_of_its_colours(name):
    first, second = np.array([0, 0, 0], np.uint8), np.array([255, 255, 255], np.uint8)
    painted = paint_texture(name, (60, 80), 12.0, (first, second))
    assert painted.shape == (60, 80, 3)
    assert 0.05 < (painted == 255).mean() < 0.95


def test_stripes_run_in_the_direction_of_their_name():
    colours = (np.array([0, 0, 0], np.uint8), np.array([255, 255, 255], np.uint8))
    horizontal = paint_texture("horizontal stripes", (40, 40), 8.0, colours)
    vertical = paint_texture("vertical stripes", (40, 40), 8.0, colours)
    assert (horizontal == horizontal[:, :1]).all()
    assert (vertical == vertical[:1]).all()


def test_every_letter_and_word_is_drawn_and_no_two_letters_are_alike():
    drawn = {text: text_coverage(text).tobytes() for text in LETTERS}
    assert len(set(drawn.values())) == len(LETTERS)
    assert all(text_coverage(word.upper()).max() == 255 for word in WORDS)


def test_a_resized_cutout_takes_no_colour_from_transparent_pixels():
    cutout = np.zeros((20, 20, 4), np.uint8)
    cutout[5:15, 5:15] = (255, 0, 0, 255)
    cutout[..., 1][cutout[..., 3] == 0] = 255
    large = resized(cutout, 50, 50)
    assert (large[large[..., 3] >= 128][:, 1] == 0).all()


def test_every_emoji_concept_has_a_cutout():
    for concept in concepts().values():
        if concept.kind == "emoji":
            cutout = twemoji(concept.symbol)
            assert cutout is not None
            assert (cutout[..., 3] >= 128).any()


def test_a_shade_of_a_colour_is_called_by_its_name():
    rng = np.random.default_rng(0)
    for name in COLOURS:
        shade = np.append(jittered(name, rng), np.uint8(255))
        assert main_colour(np.broadcast_to(shade, (4, 4, 4)).copy()) == name
