"""Scenes in which every planted unit has something to say.

Each scene has a theme: the concepts of one unit, which it is likely to show, and one or two others by
chance, so that nothing but its own concepts goes together with a unit. Themes take turns.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from milan.scenes.canvas import Canvas, Placement
from milan.scenes.concepts import concepts
from milan.scenes.drawing.backgrounds import PAINTINGS
from milan.scenes.drawing.cutouts import CutoutStyle
from milan.scenes.drawing.lettering import WORDS
from milan.scenes.planted.restyle import box_of, restyled, without
from milan.scenes.planted.units import PlantedUnit, UnitKind
from milan.scenes.render import render_scene
from milan.scenes.scene import Scene, SceneObject
from milan.scenes.settings import SceneSettings
from milan.scenes.sprites import draw_sprite

__all__ = ["planted_scenes"]

_SIZE = 224
_SCALE = (0.24, 0.8)
"""Objects from about the smallest to beyond the largest that captioners are trained on."""
_MAX_OBJECTS = 4
_TWICE = (UnitKind.AND, UnitKind.PART, UnitKind.SIDE, UnitKind.POSITION, UnitKind.SIZE)
"""Kinds that need more scenes of their concepts: many do not count."""
_WORD_IN_CORNER = 0.85
_WORD_ELSEWHERE = 0.04
"""Share of scenes with a word in the corner: of a spurious unit's theme, and of others."""
_MARGIN = 4  # pixels
_FIRST_SEED = 1_000_000_000
"""Far from the seeds of training scenes, so that no background is one of theirs."""


def planted_scenes(units: Sequence[PlantedUnit], n: int, seed: int, style: CutoutStyle) -> Iterator[Scene]:
    """Render n scenes, 224 pixels wide, for these units; the same arguments give the same bytes."""
    themes = _themes(units)
    pool = sorted({key for theme in themes for key in theme.concepts})
    for number in range(n):
        rng = np.random.default_rng((seed, number))
        theme = themes[number % len(themes)]
        shown = {*theme.concepts, *rng.choice(pool, int(rng.integers(1, 3))).tolist()}
        painting = PAINTINGS[str(rng.choice(list(PAINTINGS), p=_PAINTED))]
        if not any(key.startswith("background:") for key in theme.concepts):
            shown |= set(painting.concepts)
        settings = SceneSettings(
            size=_SIZE, max_objects=_MAX_OBJECTS, concepts=frozenset(shown), scale=_SCALE, visible=0.75
        )
        scene = restyled(render_scene(_FIRST_SEED + seed * 1_000_003 + number, settings, style), rng)
        chance = _WORD_IN_CORNER if theme.kind is UnitKind.SPURIOUS else _WORD_ELSEWHERE
        yield _with_corner_word(scene, style, rng) if rng.random() < chance else scene


def _themes(units: Sequence[PlantedUnit]) -> list[PlantedUnit]:
    found: list[PlantedUnit] = []
    for unit in units:
        if unit.concepts:
            found += [unit] * (2 if unit.kind in _TWICE else 1)
    return found


_WEIGHTS = np.array([painting.weight for painting in PAINTINGS.values()])
_PAINTED = _WEIGHTS / _WEIGHTS.sum()


def _with_corner_word(scene: Scene, style: CutoutStyle, rng: np.random.Generator) -> Scene:
    """Write a word into one corner, over whatever is there."""
    concept = concepts()[f"word:{rng.choice(WORDS)}"]
    sprite = draw_sprite(concept, int(rng.integers(_SIZE // 4, _SIZE // 3)), rng, style)
    height, width = sprite.cutout.shape[:2]
    across = _MARGIN if rng.random() < 0.5 else _SIZE - width - _MARGIN
    down = _MARGIN if rng.random() < 0.5 else _SIZE - height - _MARGIN
    canvas = Canvas(scene.picture)
    canvas.paint(Placement(sprite, across, down))
    written = canvas.owner == 0
    word = SceneObject(
        concept=concept.key,
        kind="word",
        phrases=sprite.phrases,
        names={},
        colour=sprite.colour,
        box=box_of(written),
        mask=written,
        parts=(),
    )
    below = (item for under in scene.objects if (item := without(under, written)) is not None)
    return Scene(scene.seed, canvas.picture, (*below, word))
