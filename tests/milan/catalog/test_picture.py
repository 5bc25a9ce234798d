"""A unit's sheet: lit where the unit is active, whatever the words are."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from milan.catalog import Catalog, Unit, draw_unit
from milan.records import Candidate, Description, Exemplar, ImageRegion, UnitId, UnitStatus

TILE, MARGIN, TOP = 224, 40, 182


def unit_with(
    view: Image.Image, grid: list[list[float]], threshold: float, phrase: str = "a dog", n: int = 1
) -> Unit:
    file = io.BytesIO()
    view.save(file, "PNG")
    region = ImageRegion("a/b.jpg", np.array(grid, np.float32), threshold)
    words = Description(0, UnitStatus.DESCRIBED, 0.2, (Candidate(phrase, 1.0, -1.0, -10.0, "bank"),))
    exemplars = tuple(Exemplar(region, rank, 2.5) for rank in range(n))
    unit = UnitId("tiny", "blocks.1", 0)
    return Unit(unit, UnitStatus.DESCRIBED, threshold, words, exemplars, (), {"a/b.jpg": file.getvalue()})


def test_the_region_keeps_its_brightness_and_the_rest_is_dimmed() -> None:
    grey = Image.new("RGB", (64, 64), (100, 100, 100))
    sheet = np.array(draw_unit(unit_with(grey, [[1.0, 0.0], [1.0, 0.0]], 0.5)))
    tile = sheet[TOP : TOP + TILE, MARGIN : MARGIN + TILE]
    np.testing.assert_array_equal(tile[112, 30], (100, 100, 100))
    assert (tile[112, 200] < 50).all()
    edge = tile[112, 105:120].max(axis=1)
    assert edge.max() > 200, "a light line lies between"


def test_a_view_that_is_not_square_is_shown_whole() -> None:
    tall = Image.new("RGB", (16, 64), (0, 200, 0))
    sheet = np.array(draw_unit(unit_with(tall, [[1.0]], 0.5)))
    tile = sheet[TOP : TOP + TILE, MARGIN : MARGIN + TILE]
    green = tile[112, :, 1].astype(int) - tile[112, :, 0]
    assert np.flatnonzero(green > 150).tolist() == list(range(84, 140))


@pytest.mark.parametrize("phrase", ["<script>alert(1)</script>", "x" * 400, "two\nlines\0", "", "շուն 🐕"])
def test_any_phrase_can_be_drawn(phrase: str) -> None:
    view = Image.new("RGB", (8, 8), "red")
    plain, odd = (draw_unit(unit_with(view, [[1.0]], 0.5, words)) for words in ("a dog", phrase))
    assert odd.size == plain.size


def test_words_of_a_line_stand_apart() -> None:
    grey = Image.new("RGB", (64, 64), (100, 100, 100))
    sheet = np.array(draw_unit(unit_with(grey, [[1.0]], 0.5)).convert("L"))
    inked = (sheet[148:174, MARGIN : MARGIN + 200] < 200).any(axis=0)  # the line "Strongest first"
    (columns,) = np.nonzero(inked)
    gaps = np.sort(np.diff(columns))
    assert gaps[-1] >= 5, "between the two words"
    assert gaps[-2] <= 3, "between letters"


@pytest.mark.parametrize("status", [status for status in UnitStatus if status != "described"])
def test_a_unit_without_words_says_why(status: UnitStatus) -> None:
    sheet = np.array(
        draw_unit(Unit(UnitId("tiny", "blocks.1", 0), status, np.nan, None, (), (), {})).convert("L")
    )
    assert (sheet[110:135] < 200).sum() > 300, "a line of reason under the status"


def test_figures_explanation_and_what_speaks_against_it_are_drawn(
    make_description: Callable[..., Description], trust: dict[str, object]
) -> None:
    plain = unit_with(Image.new("RGB", (8, 8), "red"), [[1.0]], 0.5)
    pictures = {"photos/10.jpg": plain.thumbnails["a/b.jpg"], **plain.thumbnails}
    said = make_description(0, "a dog", **trust)
    full = draw_unit(replace(plain, description=said, thumbnails=pictures))
    alone = draw_unit(replace(plain, description=replace(said, counter_exemplars=())))
    before = draw_unit(plain)
    assert alone.height > before.height, "a line for the explanation"
    assert full.height > alone.height + TILE, "a row for counter-exemplars"
    right = (before.width - 300, 50, before.width - MARGIN, 130)
    assert alone.crop(right).tobytes() != before.crop(right).tobytes(), "the figure of trust"
    row = np.array(full)[alone.height : alone.height + 40]
    assert (row[..., 0] > 200).any()


def test_more_exemplars_make_more_rows() -> None:
    view = Image.new("RGB", (8, 8), "red")
    one, six, fifteen = (draw_unit(unit_with(view, [[1.0]], 0.5, n=n)).height for n in (1, 6, 15))
    assert fifteen - six == six - one > TILE


def test_units_of_a_catalog_are_drawn_described_or_not(
    catalog: Catalog, describe: Callable[..., int]
) -> None:
    describe({0: ["a dog", "a cat"]})
    drawn = [draw_unit(unit) for unit in catalog.units()]
    assert all(sheet.mode == "RGB" and sheet.width == drawn[0].width for sheet in drawn)
    assert drawn[4].height < drawn[0].height
    assert draw_unit(catalog.unit(UnitId("tiny", "blocks.1", 0))).tobytes() == drawn[0].tobytes()
