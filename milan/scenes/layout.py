"""Choosing what a scene holds and where, before anything is drawn on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from milan.errors import BadSetting, UnknownName
from milan.scenes.anatomy import mirrored_part
from milan.scenes.canvas import Canvas, Placement
from milan.scenes.concepts import Concept, concepts
from milan.scenes.drawing.backgrounds import PAINTINGS, Background, Painting
from milan.scenes.drawing.cutouts import CutoutStyle
from milan.scenes.settings import Kind, SceneSettings
from milan.scenes.sprites import Sprite, draw_sprite

__all__ = ["Layout", "lay_out"]

_KIND_WEIGHTS: Mapping[Kind, float] = {"emoji": 8, "shape": 3, "texture": 2, "letter": 1.5, "word": 1.5}
_N_TRIES = 8  # places for one object
_N_SPARE = 3  # other objects for those that found no place
_MIN_CONTRAST = 75  # summed over red, green and blue
_MIN_SHARE_APART = 0.65
_SHARE_MIRRORED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A background and what lies on it, in drawing order."""

    background: Background
    placements: tuple[Placement, ...]

    def flipped(self) -> "Layout":
        """The mirror image: places and drawings are mirrored, writing and one-way drawings stay readable."""
        width = self.background.picture.shape[1]
        regions = tuple(region._replace(mask=region.mask[:, ::-1]) for region in self.background.regions)
        background = Background(self.background.picture[:, ::-1], regions)
        return Layout(background, tuple(_flipped(placement, width) for placement in self.placements))


def lay_out(rng: np.random.Generator, settings: SceneSettings, style: CutoutStyle) -> Layout:
    """Choose a background, then objects that stay visible on it and leave each other visible."""
    allowed = _vocabulary(settings)
    chosen = allowed.paintings[int(rng.choice(len(allowed.paintings), p=allowed.painting_weights))]
    background = chosen.paint(settings.size, rng)
    canvas = Canvas(background.picture)
    placed: list[Placement] = []
    n_objects = int(rng.integers(1, settings.max_objects + 1)) if allowed.kinds else 0
    for _ in range(n_objects + _N_SPARE):
        if len(placed) == n_objects:
            break
        sprite = _choose(rng, settings, allowed, style)
        for _ in range(_N_TRIES):
            candidate = _somewhere(rng, sprite, settings.size)
            if _stands_out(candidate, canvas) and _leaves_visible(candidate, canvas, settings.visible):
                canvas.paint(candidate)
                placed.append(candidate)
                break
    return Layout(background, tuple(placed))


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    kinds: tuple[Kind, ...]
    weights: tuple[float, ...]
    by_kind: Mapping[Kind, tuple[Concept, ...]]
    paintings: tuple[Painting, ...]
    painting_weights: tuple[float, ...]


@lru_cache(maxsize=64)
def _vocabulary(settings: SceneSettings) -> _Vocabulary:
    known = concepts()
    wanted = settings.concepts
    for key in wanted or ():
        if key not in known:
            raise UnknownName("scene concept", key, known, "List them: milan.scenes.concepts()")
    by_kind: dict[Kind, tuple[Concept, ...]] = {}
    for kind in _KIND_WEIGHTS:
        members = tuple(c for key, c in known.items() if c.kind == kind and (wanted is None or key in wanted))
        if kind in settings.kinds and members:
            by_kind[kind] = members
    if not by_kind and "background" not in settings.kinds:
        raise BadSetting(f"the settings' concepts hold none of their kinds {', '.join(settings.kinds)}")
    fitting = tuple(p for p in PAINTINGS.values() if wanted is None or wanted.issuperset(p.concepts))
    paintings = fitting or tuple(PAINTINGS.values())
    return _Vocabulary(
        tuple(by_kind),
        _shares([_KIND_WEIGHTS[kind] for kind in by_kind]),
        by_kind,
        paintings,
        _shares([painting.weight for painting in paintings]),
    )


def _shares(weights: list[float]) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _choose(
    rng: np.random.Generator, settings: SceneSettings, allowed: _Vocabulary, style: CutoutStyle
) -> Sprite:
    kind = allowed.kinds[int(rng.choice(len(allowed.kinds), p=allowed.weights))]
    members = allowed.by_kind[kind]
    concept = members[int(rng.integers(len(members)))]
    smallest, largest = settings.scale
    if kind == "word":  # a word is wide and low: small ones could not be read
        smallest = (smallest + largest) / 2
    size = max(12, round(float(rng.uniform(smallest, largest)) * settings.size))
    sprite = draw_sprite(concept, size, rng, style)
    return _mirrored(sprite) if rng.random() < _SHARE_MIRRORED else sprite


def _somewhere(rng: np.random.Generator, sprite: Sprite, size: int) -> Placement:
    height, width = sprite.cutout.shape[:2]
    x = int(rng.integers(0, max(1, size - width + 1)))
    y = int(rng.integers(0, max(1, size - height + 1)))
    return Placement(sprite, x, y)


def _stands_out(candidate: Placement, canvas: Canvas) -> bool:
    """Whether most of its pixels (every second one is looked at) differ from those behind."""
    behind = canvas.picture[candidate.window][::2, ::2].astype(np.int16)
    own = candidate.sprite.cutout[::2, ::2, :3]
    differs = np.abs(own - behind).sum(axis=2) > _MIN_CONTRAST
    opaque = candidate.opaque[::2, ::2]
    return bool(np.count_nonzero(differs & opaque) >= _MIN_SHARE_APART * np.count_nonzero(opaque))


def _leaves_visible(candidate: Placement, canvas: Canvas, visible: float) -> bool:
    """Whether every earlier object keeps the share of itself that the settings ask for."""
    covered = canvas.covered_by(candidate)
    return all(
        left - lost >= visible * area
        for area, left, lost in zip(canvas.areas, canvas.visible, covered, strict=True)
    )


def _mirrored(sprite: Sprite) -> Sprite:
    """The sprite seen in a mirror; one that does not mirror stays as it is."""
    if not sprite.concept.mirrors:
        return sprite
    boxes = dict(mirrored_part(part, box) for part, box in sprite.part_boxes.items())
    return replace(sprite, cutout=sprite.cutout[:, ::-1], part_boxes=boxes)


def _flipped(placement: Placement, width: int) -> Placement:
    x = width - placement.x - placement.sprite.cutout.shape[1]
    return Placement(_mirrored(placement.sprite), x, placement.y)
