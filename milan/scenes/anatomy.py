"""Where the parts of some emoji lie, on Twemoji's 36x36 grid.

A part is the share of the cut-out inside its box (x, y, width, height). Sides are the viewer's:
drawn mirrored, boxes are mirrored and `left` and `right` change places.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ANATOMY", "GRID", "PartBox", "mirrored_part"]

GRID = 36
"""Cells along each side of the grid that boxes are given on."""

PartBox = tuple[float, float, float, float]
"""x, y, width, height in cells."""


def mirrored_part(part: str, box: PartBox) -> tuple[str, PartBox]:
    """The same part of the mirrored drawing.

    >>> mirrored_part("left ear", (2, 0, 8, 10))
    ('right ear', (26, 0, 8, 10))
    """
    swapped = {"left": "right", "right": "left"}
    words = [swapped.get(word, word) for word in part.split()]
    x, y, width, height = box
    return " ".join(words), (GRID - x - width, y, width, height)


def _symmetric(pairs: Mapping[str, PartBox], **middle: PartBox) -> Mapping[str, PartBox]:
    """Parts of a drawing that is its own mirror image; pairs are given by their left one."""
    parts: dict[str, PartBox] = {}
    for name, box in pairs.items():
        parts[f"left {name}"] = box
        right, right_box = mirrored_part(f"left {name}", box)
        parts[right] = right_box
    return MappingProxyType(parts | middle)


def _face(ear: PartBox, eye: PartBox, **middle: PartBox) -> Mapping[str, PartBox]:
    return _symmetric({"ear": ear, "eye": eye}, **middle)


def _wheels(left: float, right: float) -> Mapping[str, PartBox]:
    return {"left wheel": (left, 27, 8, 8), "right wheel": (right, 27, 8, 8)}


ANATOMY: Mapping[str, Mapping[str, PartBox]] = MappingProxyType(
    {
        "emoji:bear": _face((0.8, 0, 9, 8.5), (10.8, 14.8, 4.3, 6.4), nose=(12.8, 24.2, 10.5, 5)),
        "emoji:boar": _face((0.8, 1.2, 7.5, 10), (8.8, 12.6, 4.3, 4.4), snout=(8, 17.4, 20, 15)),
        "emoji:cat_face": _face((1.3, 1.5, 8, 10), (10, 17.6, 4.4, 4.8), nose=(15.3, 24.3, 5.5, 4)),
        "emoji:cow_face": _symmetric(
            {"ear": (0, 8, 3.8, 11), "eye": (10.6, 9.4, 4.6, 7), "horn": (0.3, 0, 7, 7.5)},
            muzzle=(0.8, 17.8, 34.4, 18),
        ),
        "emoji:dog_face": _face(
            (0, 1.5, 8.5, 17), (10.6, 12.6, 4.6, 6.4), nose=(14.6, 21.6, 6.8, 5.2), tongue=(14.8, 29, 6.4, 7)
        ),
        "emoji:fox": _face((0.3, 1.6, 11, 12), (10.6, 15, 3.8, 5.4), nose=(14.8, 27.2, 6.4, 5)),
        "emoji:frog": _symmetric({"eye": (2, 1.6, 10.6, 10.4)}),
        "emoji:hamster": _face((0, 0.8, 11, 12), (9.6, 17.8, 4.6, 6.4), nose=(14.8, 25.6, 6.4, 6)),
        "emoji:koala": _face((0, 6.6, 9.5, 12.5), (10.6, 17.8, 3.8, 4.2), nose=(14, 18, 8, 11.4)),
        "emoji:lion": _face((4.4, 6.3, 6, 6), (11.8, 14, 3.8, 5.6), nose=(14.2, 20.6, 7.6, 5.4)),
        "emoji:monkey_face": _face((0.8, 11, 4.6, 11), (10.6, 13.4, 4.8, 7), mouth=(11.4, 26.8, 13.2, 6)),
        "emoji:mouse_face": _face((0.2, 0.6, 12, 13), (11.8, 18.6, 4.4, 6.6), nose=(14.8, 26.8, 6.4, 6)),
        "emoji:panda": _face((0.8, 0, 9.5, 10), (7, 11.8, 10.4, 12), nose=(12.4, 23.6, 11.2, 5.4)),
        "emoji:pig_face": _face((0.8, 1, 7.5, 11), (4.8, 14.6, 4.6, 5), snout=(8, 17.4, 20, 15.2)),
        "emoji:polar_bear": _face((0.6, 1.2, 8, 8.7), (8.7, 14.8, 4, 4.6), nose=(13.6, 23, 8.8, 6.8)),
        "emoji:rabbit_face": _face((1.8, 0, 12, 16.5), (10.6, 22.3, 3.9, 4.4), nose=(15, 24, 6, 4.6)),
        "emoji:raccoon": _symmetric({"ear": (2.8, 0.8, 6.4, 9)}, nose=(14.4, 19.8, 7.2, 5.2)),
        "emoji:tiger_face": _face((0.6, 0, 8.5, 8.5), (10.6, 14.6, 4.6, 6.8), nose=(14.6, 23.8, 6.8, 5.2)),
        "emoji:wolf": _face((1.4, 1.6, 9.5, 11), (10.6, 15, 3.8, 5.4), nose=(14.8, 25.6, 6.4, 5)),
        "emoji:automobile": _wheels(6, 23),
        "emoji:bicycle": {
            "left wheel": (0, 21.6, 14.2, 14.4),
            "right wheel": (21.8, 21.6, 14.2, 14.4),
            "saddle": (19.6, 13, 8.6, 4.2),
        },
        "emoji:bus": _wheels(3, 25),
        "emoji:candle": {"flame": (11.2, 0, 15, 18.4)},
        "emoji:cup_with_straw": {"straw": (18, 0, 18, 7)},
        "emoji:deciduous_tree": {"crown": (1.5, 0, 33, 29), "trunk": (13.6, 29, 8.8, 7)},
        "emoji:delivery_truck": _wheels(5, 23),
        "emoji:evergreen_tree": {"crown": (3, 0, 30, 30.8), "trunk": (13.6, 30.8, 8.8, 5.2)},
        "emoji:house": {"door": (9.6, 25.6, 4.8, 6.6), "chimney": (6.4, 6.2, 4, 6)},
        "emoji:mushroom": {"cap": (0, 0, 36, 22), "stem": (8.5, 22, 19, 14)},
        "emoji:palm_tree": {"trunk": (13.4, 14, 9.2, 22)},
        "emoji:rose": {"blossom": (6.6, 0, 23.2, 22), "stem": (8, 23, 20, 13)},
        "emoji:sailboat": {
            "hull": (0.6, 24, 34.6, 6),
            "left sail": (4.5, 3, 13.3, 19),
            "right sail": (20, 1, 14, 21),
        },
        "emoji:sunflower": _symmetric({"leaf": (0.6, 27.2, 16, 8.4)}, blossom=(3.4, 0, 29.2, 26.5)),
        "emoji:t-shirt": _symmetric({"sleeve": (0, 1.5, 6.2, 14.5)}),
        "emoji:teapot": {
            "spout": (28, 15.6, 8, 10),
            "handle": (0, 15.4, 6, 13),
            "lid": (12, 9, 14, 6.6),
        },
        "emoji:tulip": _symmetric({"leaf": (0.8, 22.6, 16.6, 12)}, blossom=(6.6, 0, 22.8, 22.6)),
        "emoji:umbrella": {"canopy": (2.6, 1.5, 33.4, 18), "handle": (8.4, 19.5, 12.4, 16.5)},
    }
)
"""Concept key to part to box; left and right as Twemoji draws them."""
