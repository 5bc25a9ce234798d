"""The page of an audit."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milan.errors import DataError
from milan.records import Concept, ShuffledFaithfulness
from milan.uses.audit import Questions, audit_catalogs, report, write_report

QUESTIONS = Questions("Faces", (Concept("faces", ("face",)), Concept("text", ("text",))))
HOSTILE = "a face <script>alert('x')</script> \" & ' {{ 7 * 7 }}"
Make = Callable[..., Path]


def page(report: Any, tmp_path: Path) -> str:
    write_report(report, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text("utf-8")


def test_it_stands_alone_and_shows_the_regions_behind_each_count(
    make_catalog: Make, encoder: Any, shuffled: ShuffledFaithfulness, tmp_path: Path
) -> None:
    path = make_catalog("a.db", {"one": dict.fromkeys(range(9), ("a face", 0.5))}, shuffled)
    text = page(audit_catalogs([path], QUESTIONS, encoder), tmp_path)
    assert text.count("data:image/webp;base64,") == 4 * 3  # four units of three exemplars, five named
    assert "5 more" in text
    assert "9 of 9 units" in text
    assert "No unit is described as responding to: text" in text
    assert not re.findall(r'(?:src|href)="(?!data:image/webp;base64,|#)', text)
    assert not re.search(r"https?://|@import|url\(|<script", text)


def test_what_people_wrote_is_never_read_as_markup(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    path = make_catalog("a<b>.db", {"one": {0: (HOSTILE, 0.5)}})
    questions = Questions("<i>q</i>", (Concept("<b>faces</b>", ("face", "</script>x"), but_not=("<u>",)),))
    text = page(audit_catalogs([path], questions, encoder), tmp_path)
    for tag in ("<script", "<b>faces", "<i>q", "<u>", "a<b>"):
        assert tag not in text
    assert "{{ 7 * 7 }}" in text


def test_two_catalogs_show_what_changed(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    first = make_catalog("a.db", {"one": dict.fromkeys(range(30), ("a dog", 0.5))})
    second = make_catalog("b.db", {"one": dict.fromkeys(range(30), ("a face", 0.5))})
    text = page(audit_catalogs([first, second], QUESTIONS, encoder), tmp_path)
    assert '<span class="appeared">appeared</span>' in text
    assert "How surely is not known" in text


def test_each_catalog_has_a_colour_of_its_own_that_a_legend_names(
    make_catalog: Make, encoder: Any, tmp_path: Path
) -> None:
    paths = [make_catalog(name, {"one": {0: ("a face", 0.5)}}) for name in ("a.db", "b.db")]
    one = page(audit_catalogs(paths[:1], QUESTIONS, encoder), tmp_path)
    assert 'class="legend"' not in one
    two = page(audit_catalogs(paths, QUESTIONS, encoder), tmp_path)
    legend = re.findall(r'<li style="--of: var\(--of(\d)\)"><i class="swatch"></i>(\S+)</li>', two)
    assert legend == [("1", "a.db"), ("2", "b.db")]
    bars = re.findall(r'<span class="bar" style="--of: var\(--of(\d)\)">', two)
    assert bars == ["1", "2"] * len(QUESTIONS.concepts)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_bars_stand_out_from_what_is_behind_them_in_light_and_in_dark() -> None:
    """Contrast of 3 to 1 or more, as WCAG 2.1 asks of what is no text (criterion 1.4.11)."""
    template = Path(report.__file__).with_name("report.html").read_text("utf-8")
    light, dark = (block for block in re.findall(r":root \{(.*?)\}", template, re.DOTALL))
    for block in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for behind in ("card" if "card" in colours else "page", "hole"):
            for name in ("of1", "of2", "of3", "of4"):
                low, high = sorted(_luminance(colours[each]) for each in (name, behind))
                assert (high + 0.05) / (low + 0.05) >= 3, (name, behind)


def test_nothing_found_is_a_page_too(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    path = make_catalog("a.db", {"one": {0: ("a dog", 0.5)}})
    assert "responding to: faces, text" in page(audit_catalogs([path], QUESTIONS, encoder), tmp_path)


def test_the_same_audit_is_the_same_page(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    path = make_catalog("a.db", {"one": {0: ("a face", 0.5)}})
    first, second = (page(audit_catalogs([path], QUESTIONS, encoder), tmp_path) for _ in range(2))
    assert first == second


def test_a_path_that_cannot_be_written_is_told(make_catalog: Make, encoder: Any, tmp_path: Path) -> None:
    report = audit_catalogs([make_catalog("a.db", {"one": {0: ("a face", 0.5)}})], QUESTIONS, encoder)
    with pytest.raises(DataError, match="cannot be written"):
        write_report(report, tmp_path / "missing" / "report.html")
