"""Pictures of ablation and control: equal results are equal bytes, and say what they show."""

from pathlib import Path
from typing import Any

import pytest

from milan.ablation.text import Removed
from milan.errors import BadSetting
from milan.records import Figure
from milan.uses.text.control import Controlled, ControlOptions, ControlReport
from milan.uses.text.number import Number
from milan.uses.text.plots import check_picture, draw_controlled, draw_removed


def figure(value: float) -> Figure:
    return Figure(value, value - 0.1, value + 0.1)


def removed(which: Any, n: int, value: float) -> Removed:
    own = {"bleu": figure(value), "perplexity": figure(5 - value)}
    return Removed(which, n, own, own)


def outcome(n_units: int, b: float, success: float) -> Controlled:
    one = figure(success)
    return Controlled(n_units, b, one, dict.fromkeys(Number, one), one, one, one, one, one)


def test_what_is_left_is_drawn_for_each_quality(tmp_path: Path) -> None:
    table = [
        removed("none", 0, 4),
        *(removed(which, n, 4 - n) for n in (1, 2) for which in ("top", "random", "bottom")),
    ]
    for name in ("first.svg", "second.svg", "third.png"):
        draw_removed(table, tmp_path / name)
    svg = (tmp_path / "first.svg").read_text()
    assert svg == (tmp_path / "second.svg").read_text()
    for said in ("BLEU", "perplexity", "first of the order", "last of the order", "taken away"):
        assert said in svg
    assert (tmp_path / "third.png").read_bytes().startswith(b"\x89PNG")


def test_success_stands_against_what_it_costs(tmp_path: Path) -> None:
    tried = [outcome(n, b, n / 100 + b / 10) for n in (5, 50) for b in (0.0, 1.0)]
    report = ControlReport(
        ControlOptions(), (1, 2), figure(0.9), {}, figure(40), tried, outcome(50, 1, 0.5), outcome(50, 1, 0.1)
    )
    draw_controlled(report, tmp_path / "control.svg")
    svg = (tmp_path / "control.svg").read_text()
    for said in ("b = 0, validation", "b = 1, validation", "chosen, test", "random, test", "BLEU lost"):
        assert said in svg


def test_a_picture_that_cannot_be_written_is_told_first(tmp_path: Path) -> None:
    check_picture(None)
    check_picture(tmp_path / "fine.SVG")
    with pytest.raises(BadSetting, match=r"ends in \.svg or \.png"):
        check_picture(tmp_path / "curve.txt")
    with pytest.raises(BadSetting, match="there is no folder"):
        check_picture(tmp_path / "none" / "curve.svg")
