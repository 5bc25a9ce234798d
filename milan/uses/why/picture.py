"""An answer as a sheet: the image, and the regions of the units that speak for and against it."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

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
    paste,
    write,
)
from milan.catalog.tile import draw_tile
from milan.exemplars import thumbnail
from milan.uses.why.explaining import Answered, Reason

__all__ = ["draw_answer"]

_HEADING, _SECTION, _CAPTION = 300, 40, 58


def draw_answer(answer: Answered, name: str | None = None) -> Image.Image:
    """Draw the image, then a tile for each reason, lit where its unit is active.

    `name` is what the output is called; without one its number is shown. An RGB picture some 1,260 pixels
    wide.
    """
    sections = [
        ("Without these units it would be less likely", answer.reasons),
        ("Without these it would be more likely", answer.against),
    ]
    shown = [(title, reasons) for title, reasons in sections if reasons]
    height = _HEADING + sum(_SECTION + _rows(reasons) * (TILE + _CAPTION) for _, reasons in shown) + MARGIN
    sheet = Image.new("RGB", (WIDTH, height), PAGE)
    pen = ImageDraw.Draw(sheet)
    small = thumbnail(answer.view)
    paste(sheet, (MARGIN, MARGIN), draw_tile(small, None, TILE))
    left = MARGIN + TILE + 2 * GAP
    write(pen, (left, MARGIN + 20), answer.image, 17, SOFT, WIDTH - left - MARGIN)
    write(
        pen, (left, MARGIN + 52), name or f"output {answer.output}", 40, INK, WIDTH - left - MARGIN, bold=True
    )
    place = "the highest output" if answer.rank == 0 else f"the {answer.rank + 1:,}. highest output"
    write(pen, (left, MARGIN + 112), f"chance {answer.chance:.1%}, {place}", 17, ACCENT, bold=True)
    line = (
        f"{answer.n_units:,} units were switched off, one after the other. Effects are in nats of log chance."
    )
    write(pen, (left, MARGIN + 148), line, 15, SOFT)
    top = _HEADING
    for title, reasons in shown:
        write(pen, (MARGIN, top), title, 17, SOFT)
        for place_of, reason in enumerate(reasons):
            across = MARGIN + place_of % COLUMNS * (TILE + GAP)
            down = top + _SECTION - 6 + place_of // COLUMNS * (TILE + _CAPTION)
            paste(sheet, (across, down), draw_tile(small, reason.region, TILE))
            _caption(pen, (across, down + TILE + 8), reason)
        top += _SECTION + _rows(reasons) * (TILE + _CAPTION)
    return sheet


def _caption(pen: ImageDraw.ImageDraw, at: tuple[int, int], reason: Reason) -> None:
    left, top = at
    phrase = reason.phrase or "no consistent description"
    write(
        pen,
        (left, top),
        f"{reason.effect:+.2f}  {phrase}",
        15,
        INK if reason.phrase else SOFT,
        TILE,
        bold=True,
    )
    stated = "" if reason.faithfulness is None else f"  ·  faithfulness {reason.faithfulness:.2f}"
    write(pen, (left, top + 20), f"{reason.unit.layer}/{reason.unit.index}{stated}", 13, SOFT, TILE)


def _rows(reasons: Sequence[Reason]) -> int:
    return -(-len(reasons) // COLUMNS)
