"""What a log hears of a long command."""

import itertools
import threading
from typing import Any

import pytest

from milan.surfaces.cli.console import progress_bars
from milan.surfaces.cli.progress import ProgressLines


def lines_at(*seconds: float) -> ProgressLines:
    """Lines by a clock that starts at 0 and then shows these."""
    clock = itertools.chain([0.0], seconds)
    return ProgressLines(lambda line: None, clock=lambda: next(clock))


def test_a_line_says_what_is_done_how_far_and_for_how_long_still() -> None:
    lines = lines_at(10, 70)
    lines.advance("describing units", 0, 600)
    lines.advance("describing units", 150, 600)
    assert lines.line() == "describing units: 150 of 600 (25%), about 3 min left"


def test_a_run_that_goes_on_is_not_taken_to_have_been_fast() -> None:
    lines = lines_at(0, 60)
    lines.advance("describing units", 500, 600)
    lines.advance("describing units", 550, 600)
    assert lines.line() == "describing units: 550 of 600 (92%), about 60 s left"


def test_before_the_first_step_and_before_any_gain_the_time_so_far_is_told() -> None:
    assert lines_at(40).line() == "starting: 40 s so far"
    stuck = lines_at(0, 7200)
    stuck.advance("reading images", 3, 9)
    assert stuck.line() == "reading images: 3 of 9 (33%), 2.0 h so far"


def test_lines_come_while_a_step_tells_nothing() -> None:
    heard, said = threading.Event(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 2:
            heard.set()

    with ProgressLines(say, every=0.01) as lines:
        lines.advance("fitting", 1, 4)
        assert heard.wait(10)
    assert said[-1].startswith("fitting: 1 of 4 (25%)")
    n_said = len(said)
    assert not lines._thread.is_alive()
    assert len(said) == n_said


@pytest.mark.parametrize("quiet", [False, True])
def test_a_log_gets_lines_and_a_quick_command_none(quiet: bool, capsys: Any) -> None:
    with progress_bars(quiet=quiet) as progress:
        assert isinstance(progress.__self__, ProgressLines)  # type: ignore[attr-defined]
        progress("reading images", 1, 2)
    assert capsys.readouterr().err == ""


def test_quiet_silences_progress_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milan.surfaces.cli.console.asides.quiet", True)
    with progress_bars(quiet=False) as progress:
        assert not hasattr(progress, "__self__")
