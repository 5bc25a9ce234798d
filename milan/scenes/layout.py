"""Choosing what a scene holds and where, before anything is drawn on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Int16, UInt8

from milan.errors import UnknownName
from milan.scenes.anatomy import mirrored_part
from milan.scenes.concepts import Concept, concepts
from milan.scenes.drawing.backgrounds import PAINTINGS, Background, Painting
from milan.scenes.drawing.cutouts import CutoutStyle
from milan.scenes.settings import Kind, SceneSettings
from milan.scenes.sprites import Sprite, draw_sprite

__all__ = ["OPAQUE", "Layout", "Placement", "lay_out"]

OPAQUE = 128
"""A pixel belongs to an object when the cut-out covers at least half of it."""

_KIND_WEIGHTS: Mapping[Kind, float] = {"emoji": 8, "shape": 3, "texture": 2, "letter": 1.5, "word": 1.5}
_N_TRIES = 8
_MIN_CONTRAST = 90.0
_SHARE_MIRRORED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A sprite with its place."""

    sprite: Sprite
    x: int
    y: int

    @property
    def opaque(self) -> Bool[np.ndarray, "height width"]:
        """Pixels of the cut-out that belong to the object."""
        covered: Bool[np.ndarray, "height width"] = self.sprite.cutout[..., 3] >= OPAQUE
        return covered


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
    names = sorted(allowed.paintings)
    background = allowed.paintings[names[int(rng.integers(len(names)))]].paint(settings.size, rng)
    owner = np.full((settings.size, settings.size), -1, dtype=np.int16)
    areas: list[int] = []
    placed: list[Placement] = []
    n_objects = int(rng.integers(1, settings.max_objects + 1)) if allowed.kinds else 0
    for _ in range(n_objects):
        sprite = _choose(rng, settings, allowed, style)
        for _ in range(_N_TRIES):
            candidate = _somewhere(rng, sprite, settings.size)
            if _fits(candidate, background.picture, owner, areas, settings.visible):
                opaque = candidate.opaque
                _window(owner, candidate)[opaque] = len(placed)
                areas.append(int(opaque.sum()))
                placed.append(candidate)
                break
    return Layout(background, tuple(placed))


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    kinds: tuple[Kind, ...]
    weights: tuple[float, ...]
    by_kind: Mapping[Kind, tuple[Concept, ...]]
    paintings: Mapping[str, Painting]


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
    weights = np.array([_KIND_WEIGHTS[kind] for kind in by_kind])
    paintings = {n: p for n, p in PAINTINGS.items() if wanted is None or wanted.issuperset(p.concepts)}
    return _Vocabulary(tuple(by_kind), tuple(weights / weights.sum()), by_kind, paintings or dict(PAINTINGS))


def _choose(
    rng: np.random.Generator, settings: SceneSettings, allowed: _Vocabulary, style: CutoutStyle
) -> Sprite:
    kind = allowed.kinds[int(rng.choice(len(allowed.kinds), p=allowed.weights))]
    members = allowed.by_kind[kind]
    concept = members[int(rng.integers(len(members)))]
    size = max(12, round(float(rng.uniform(*settings.scale)) * settings.size))
    sprite = draw_sprite(concept, size, rng, style)
    return _mirrored(sprite) if rng.random() < _SHARE_MIRRORED else sprite


def _somewhere(rng: np.random.Generator, sprite: Sprite, size: int) -> Placement:
    height, width = sprite.cutout.shape[:2]
    x = int(rng.integers(0, max(1, size - width + 1)))
    y = int(rng.integers(0, max(1, size - height + 1)))
    return Placement(sprite, x, y)


def _fits(
    candidate: Placement,
    background: UInt8[np.ndarray, "size size 3"],
    owner: Int16[np.ndarray, "size size"],
    areas: list[int],
    visible: float,
) -> bool:
    """Whether it stands out from the background and leaves earlier objects visible enough."""
    opaque = candidate.opaque
    behind = _window(background, candidate)[opaque].mean(axis=0)
    if np.abs(candidate.sprite.cutout[..., :3][opaque].mean(axis=0) - behind).sum() < _MIN_CONTRAST:
        return False
    if not areas:
        return True
    covered = np.bincount(_window(owner, candidate)[opaque] + 1, minlength=len(areas) + 1)[1:]
    left = np.bincount(owner.ravel() + 1, minlength=len(areas) + 1)[1:]
    return bool(np.all(left - covered >= visible * np.array(areas)))


def _window(canvas: np.ndarray, placement: Placement) -> np.ndarray:  # type: ignore[type-arg]
    height, width = placement.sprite.cutout.shape[:2]
    return canvas[placement.y : placement.y + height, placement.x : placement.x + width]


def _mirrored(sprite: Sprite) -> Sprite:
    """The sprite seen in a mirror; one that does not mirror stays as it is."""
    if not sprite.concept.mirrors:
        return sprite
    boxes = dict(mirrored_part(part, box) for part, box in sprite.part_boxes.items())
    return replace(sprite, cutout=sprite.cutout[:, ::-1], part_boxes=boxes)


def _flipped(placement: Placement, width: int) -> Placement:
    x = width - placement.x - placement.sprite.cutout.shape[1]
    return Placement(_mirrored(placement.sprite), x, placement.y)
