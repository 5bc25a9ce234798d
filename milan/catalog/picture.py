"""One unit as a picture worth looking at."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

from milan.catalog.passage import Passage, draw_passage, height_of
from milan.catalog.sheet import (
    ACCENT,
    COLUMNS,
    GAP,
    INK,
    MARGIN,
    PAGE,
    SOFT,
    TILE,
    WIDTH,
    length,
    paste,
    plain,
    write,
)
from milan.catalog.tile import draw_tile
from milan.catalog.unit import Unit
from milan.records import Exemplar, ImageRegion, UnitStatus

__all__ = ["draw_unit"]

HEADING, EXPLANATION, SECTION, FOOT, ASIDE, CAPTION = 148, 32, 34, 64, 24, 30
RIGHT = 400  # room for figures beside the phrase

WHY = {
    UnitStatus.INCONSISTENT: "No phrase predicts this unit well enough to be said.",
    UnitStatus.DEAD: "Its activation is the same everywhere, in every image.",
    UnitStatus.NEVER_POSITIVE: "It varies, but never rises above zero.",
    UnitStatus.PENDING: "Words were not asked for, or are not written yet.",
    UnitStatus.PREVIEW: "The run has not seen all images yet.",
    UnitStatus.FAILED: "Some of its activations are NaN or infinite, so nothing can be ranked.",
}

SAID_OF = {
    UnitStatus.INCONSISTENT: "no consistent description",
    UnitStatus.DEAD: "dead: the same everywhere",
    UnitStatus.NEVER_POSITIVE: "never above zero",
    UnitStatus.PENDING: "not described yet",
    UnitStatus.PREVIEW: "preview: the run goes on",
    UnitStatus.FAILED: "could not be measured",
}


class _Shown(NamedTuple):
    image: str
    region: ImageRegion | None
    activation: float
    note: str


class _Tiles(NamedTuple):
    """Pictures in rows, each lit where the unit is active."""

    title: str
    shown: Sequence[_Shown]
    thumbnails: Mapping[str, bytes]

    @property
    def height(self) -> int:
        rows = math.ceil(len(self.shown) / COLUMNS)
        return SECTION + rows * (TILE + CAPTION + GAP)

    def draw(self, sheet: Image.Image, pen: ImageDraw.ImageDraw, top: int) -> None:
        write(pen, (MARGIN, top), self.title, 15, SOFT)
        for place, shown in enumerate(self.shown):
            left = MARGIN + place % COLUMNS * (TILE + GAP)
            down = top + SECTION + place // COLUMNS * (TILE + CAPTION + GAP)
            paste(sheet, (left, down), draw_tile(self.thumbnails.get(shown.image), shown.region, TILE))
            _draw_caption(pen, (left, down + TILE + 7), shown)


class _Passages(NamedTuple):
    """Passages of a text, one below the other, each word tinted by its activation."""

    title: str
    shown: Sequence[Passage]

    @property
    def height(self) -> int:
        return SECTION + sum(height_of(passage, WIDTH - 2 * MARGIN) for passage in self.shown) + GAP

    def draw(self, sheet: Image.Image, pen: ImageDraw.ImageDraw, top: int) -> None:
        write(pen, (MARGIN, top), self.title, 15, SOFT)
        down = top + SECTION
        for passage in self.shown:
            draw_passage(pen, (MARGIN, down), passage, WIDTH - 2 * MARGIN)
            down += height_of(passage, WIDTH - 2 * MARGIN)


def draw_unit(unit: Unit) -> Image.Image:
    """Draw a unit's exemplars under its phrase and figures, each lit where the unit is active.

    An RGB picture some 1,260 pixels wide, strongest first; what speaks against the words comes last. A unit
    without exemplars is a heading that says why.
    """
    sections = [section for section in _sections(unit) if section.shown]
    explained = unit.description is not None and unit.description.explanation is not None
    top = HEADING + (EXPLANATION if explained else 0)
    height = top + sum(section.height for section in sections) + FOOT + ASIDE * len(unit.asides)
    sheet = Image.new("RGB", (WIDTH, height), PAGE)
    pen = ImageDraw.Draw(sheet)
    _draw_heading(pen, unit)
    for section in sections:
        section.draw(sheet, pen, top)
        top += section.height
    others = [candidate.phrase for candidate in unit.candidates if candidate is not unit.best][:4]
    if others:
        considered = "Also considered: " if unit.best else "Nearest: "
        write(pen, (MARGIN, top + 12), considered + " · ".join(others), 15, SOFT, WIDTH - 2 * MARGIN)
    for line, aside in enumerate(unit.asides, start=1):
        write(pen, (MARGIN, top + 12 + ASIDE * line), aside, 15, SOFT, WIDTH - 2 * MARGIN)
    return sheet


def _sections(unit: Unit) -> list[_Tiles | _Passages]:
    counters = unit.description.counter_exemplars if unit.description else ()
    against = "Against: strong where the words do not fit, or silent where they do"
    if unit.is_of_text:
        return [
            _Passages("Strongest first", [Passage.of(own) for own in unit.exemplars]),
            _Passages("Lowest first", [Passage.of(own) for own in unit.downward]),
            _Passages(
                against,
                [
                    Passage(f"{own.kind}, {own.activation:.3g}", unit.passages.get(own.image, (own.image,)))
                    for own in counters
                ],
            ),
        ]
    return [
        _Tiles("Strongest first", [_shown(own) for own in unit.exemplars], unit.thumbnails),
        _Tiles("Lowest first", [_shown(own) for own in unit.downward], unit.thumbnails),
        _Tiles(
            against,
            [
                _Shown(own.image, None, own.activation, f"{own.kind} · words {own.presence:.2f}")
                for own in counters
            ],
            unit.thumbnails,
        ),
    ]


def _shown(exemplar: Exemplar) -> _Shown:
    region = exemplar.region if isinstance(exemplar.region, ImageRegion) else None
    return _Shown(exemplar.source, region, exemplar.activation, _name(exemplar.source))


def _draw_heading(pen: ImageDraw.ImageDraw, unit: Unit) -> None:
    write(pen, (MARGIN, 34), str(unit.id), 17, SOFT, WIDTH - 2 * MARGIN)
    _draw_figures(pen, unit)
    said = unit.description
    if said is not None and said.explanation is not None:
        stated = said.explanation_faithfulness
        predicts = f"  ({stated.mean.value:.2f})" if stated else ""
        sentence = f"Together: {said.explanation.sentence}{predicts}"
        write(pen, (MARGIN, HEADING - 4), sentence, 17, INK, WIDTH - 2 * MARGIN)
    if unit.best is None:
        write(pen, (MARGIN, 56), SAID_OF.get(unit.status, str(unit.status)), 38, SOFT)
        write(pen, (MARGIN, 112), WHY.get(unit.status, ""), 15, SOFT, WIDTH - 2 * MARGIN)
        return
    room = WIDTH - 2 * MARGIN - RIGHT
    size = next((s for s in (40, 34, 28) if length(plain(unit.best.phrase), s) <= room), 24)
    write(pen, (MARGIN, 62), unit.best.phrase, size, INK, room, bold=True)


def _draw_figures(pen: ImageDraw.ImageDraw, unit: Unit) -> None:
    """The figure of trust in large where it is stated, else the score; the rest below."""
    right, lines = WIDTH - MARGIN, []
    if unit.faithfulness is not None:
        stated = unit.faithfulness
        lines.append(f"faithfulness {stated.mean.value:.2f}")
        low, high = f"{stated.mean.low:.2f}", f"{stated.mean.high:.2f}"
        lines.append(f"95 % interval {low} to {high}  ·  {stated.n_measured:,} {unit.measured_in}")
        if unit.best is None and unit.candidates:
            lines.append(f"of the nearest phrase: {unit.candidates[0].phrase}")
    if unit.best is not None:
        best, weight = unit.best, unit.description.lambda_ if unit.description else math.nan
        parts = f"log p(d|E) {best.log_p_given:.2f}  ·  log p(d) {best.log_p_prior:.2f}  ·  lambda {weight:g}"
        score = f"score {best.score:.2f}"
        lines += [f"{score}  ·  {parts}"] if lines else [score, parts]
    for line, text in enumerate(lines):
        if line == 0:
            write(pen, (right, 58), text, 28, ACCENT, bold=True, ends=True)
        else:
            write(pen, (right, 76 + 20 * line), text, 14, SOFT, RIGHT, ends=True)


def _draw_caption(pen: ImageDraw.ImageDraw, at: tuple[int, int], shown: _Shown) -> None:
    left, top = at
    figure = f"{shown.activation:.3g}"
    write(pen, at, figure, 15, INK, bold=True)
    begin = round(length(figure, 15)) + 10
    write(pen, (left + begin, top + 1), shown.note, 13, SOFT, TILE - begin)


def _name(image: str) -> str:
    return image.rsplit("/", 1)[-1]
