"""One unit as a picture worth looking at."""

from PIL import Image, ImageDraw, ImageFont

from milan.catalog.unit import Unit

__all__ = ["draw_unit"]


def draw_unit(unit: Unit) -> Image.Image:
    """A sheet of the unit's exemplars, region lit, with phrase, status and score."""
    sheet = Image.new("RGB", (1200, 800), "white")
    ImageDraw.Draw(sheet).text(
        (20, 20), f"{unit.id} {unit.phrase or unit.status}", "black", ImageFont.load_default(24)
    )
    return sheet
