"""From a seed to a scene: composing the layout, then reading off what is visible."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool

from milan.errors import BadSetting
from milan.scenes.anatomy import GRID
from milan.scenes.canvas import Canvas, Placement
from milan.scenes.concepts import concepts, names_of
from milan.scenes.drawing.cutouts import CutoutStyle, twemoji
from milan.scenes.layout import Layout, lay_out
from milan.scenes.scene import Box, Part, Scene, SceneObject
from milan.scenes.settings import SceneSettings

__all__ = ["render_scene", "stream_scenes"]

Mask = Bool[np.ndarray, "height width"]

_MIN_PIXELS = 12
_DEFAULT = SceneSettings()


def render_scene(seed: int, settings: SceneSettings = _DEFAULT, style: CutoutStyle = twemoji) -> Scene:
    """Render one scene; the same seed, settings and style give the same bytes.

    Raises BadSetting for a negative seed and UnknownName for a concept that is not in the vocabulary.

    >>> scene = render_scene(7)
    >>> scene.picture.shape
    (224, 224, 3)
    """
    if seed < 0:
        raise BadSetting(f"a scene's seed is at least 0, got {seed}")
    layout = lay_out(np.random.default_rng(seed), settings, style)
    if settings.flipped:
        layout = layout.flipped()
    canvas = Canvas(layout.background.picture)
    for placement in layout.placements:
        canvas.paint(placement)
    objects: list[SceneObject] = []
    if "background" in settings.kinds:
        objects += _background_objects(layout, canvas.owner < 0, settings)
    for number, placement in enumerate(layout.placements):
        if canvas.visible[number] >= _MIN_PIXELS:
            objects.append(_placed_object(placement, canvas.owner == number, settings))
    return Scene(seed, canvas.picture, tuple(objects))


def stream_scenes(
    seed: int, n: int, settings: SceneSettings = _DEFAULT, style: CutoutStyle = twemoji
) -> Iterator[Scene]:
    """Yield n scenes one at a time: those of seeds seed, seed + 1, ..."""
    for offset in range(n):
        yield render_scene(seed + offset, settings, style)


def _background_objects(layout: Layout, bare: Mask, settings: SceneSettings) -> list[SceneObject]:
    """The background's regions, as far as nothing lies on them."""
    found = []
    for region in layout.background.regions:
        mask = region.mask & bare
        if mask.sum() < _MIN_PIXELS:
            continue
        concept = concepts()[region.concept]
        # Halves of something without an edge, such as a gradient, say nothing.
        has_edge = len(layout.background.regions) > 1
        found.append(
            SceneObject(
                concept=region.concept,
                kind="background",
                phrases=region.phrases,
                names=names_of(concept, settings.languages),
                colour=region.colour,
                box=_box(mask),
                mask=mask,
                parts=_halves(f"the {concept.name}", mask, _box(region.mask)) if has_edge else (),
            )
        )
    return found


def _placed_object(placement: Placement, mask: Mask, settings: SceneSettings) -> SceneObject:
    sprite = placement.sprite
    opaque = _box(placement.opaque)
    whole = (placement.x + opaque[0], placement.y + opaque[1], opaque[2], opaque[3])
    parts = _halves(sprite.phrases[0], mask, whole) + _anatomical_parts(placement, mask)
    return SceneObject(
        concept=sprite.concept.key,
        kind=sprite.concept.kind,
        phrases=sprite.phrases,
        names=names_of(sprite.concept, settings.languages),
        colour=sprite.colour,
        box=_box(mask),
        mask=mask,
        parts=parts,
    )


def _halves(phrase: str, mask: Mask, whole: Box) -> tuple[Part, ...]:
    """Halves of the whole object, as far as they are visible."""
    x, y, width, height = whole
    middle_x, middle_y = x + width // 2, y + height // 2
    sides: tuple[tuple[str, Box], ...] = (
        ("left half", (x, y, width // 2, height)),
        ("right half", (middle_x, y, width - width // 2, height)),
        ("top half", (x, y, width, height // 2)),
        ("bottom half", (x, middle_y, width, height - height // 2)),
    )
    return tuple(
        Part(f"{side} of {phrase}", inside)
        for side, box in sides
        if (inside := _inside(mask, box)).sum() >= _MIN_PIXELS
    )


def _anatomical_parts(placement: Placement, mask: Mask) -> tuple[Part, ...]:
    height, width = placement.sprite.cutout.shape[:2]
    parts = []
    for name, (x, y, w, h) in placement.sprite.part_boxes.items():
        left, right = round(x * width / GRID), round((x + w) * width / GRID)
        top, bottom = round(y * height / GRID), round((y + h) * height / GRID)
        inside = _inside(mask, (placement.x + left, placement.y + top, right - left, bottom - top))
        if inside.sum() >= _MIN_PIXELS:
            parts.append(Part(f"{name} of {placement.sprite.phrases[0]}", inside))
    return tuple(parts)


def _inside(mask: Mask, box: Box) -> Mask:
    x, y, width, height = box
    kept = np.zeros_like(mask)
    kept[y : y + height, x : x + width] = mask[y : y + height, x : x + width]
    return kept


def _box(mask: Mask) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y
