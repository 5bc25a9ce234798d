import numpy as np

from milan.scenes.canvas import Canvas, Placement
from milan.scenes.concepts import concepts
from milan.scenes.sprites import Sprite

RED, BLUE = (255, 0, 0, 255), (0, 0, 255, 255)


def square(colour: tuple[int, int, int, int], side: int, x: int, y: int) -> Placement:
    cutout = np.broadcast_to(np.array(colour, np.uint8), (side, side, 4)).copy()
    return Placement(Sprite(concepts()["shape:square"], cutout, "red", ("a square",), {}), x, y)


def test_a_later_placement_takes_the_pixels_that_it_covers():
    canvas = Canvas(np.zeros((20, 20, 3), np.uint8))
    canvas.paint(square(RED, 10, 0, 0))
    canvas.paint(square(BLUE, 10, 5, 5))
    assert canvas.areas == [100, 100]
    assert canvas.visible == [75, 100]
    assert (canvas.owner == 0).sum() == 75
    assert (canvas.picture[canvas.owner == 1] == BLUE[:3]).all()
    assert (canvas.picture[canvas.owner == 0] == RED[:3]).all()


def test_visible_pixels_are_counted_once_under_several_covers():
    canvas = Canvas(np.zeros((20, 20, 3), np.uint8))
    for x in (0, 5, 5):
        canvas.paint(square(RED, 10, x, 0))
    assert canvas.visible == [50, 0, 100]
    assert canvas.covered_by(square(BLUE, 20, 0, 0)) == [50, 0, 100]


def test_pixels_that_a_cutout_covers_less_than_half_are_blended_but_not_owned():
    canvas = Canvas(np.full((4, 4, 3), 100, np.uint8))
    canvas.paint(square((200, 200, 200, 102), 4, 0, 0))
    assert (canvas.owner == -1).all()
    assert (canvas.picture == 140).all()


def test_painting_leaves_the_background_that_was_given_alone():
    background = np.zeros((8, 8, 3), np.uint8)
    Canvas(background).paint(square(RED, 8, 0, 0))
    assert not background.any()
