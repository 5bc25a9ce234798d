"""Progress in a log: where nobody sees a bar, a plain line now and then."""

import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Self

__all__ = ["ProgressLines", "seconds_between_lines"]

EVERY = 30.0
"""Seconds between lines."""


def seconds_between_lines() -> float:
    """`MILAN_PROGRESS_SECONDS`, low where a page watches a run; 30 without, or where it is no number."""
    try:
        return max(0.1, float(os.environ.get("MILAN_PROGRESS_SECONDS", EVERY)))
    except ValueError:
        return EVERY


class _Step(NamedTuple):
    stage: str
    started: float
    done_before: int
    """What was done when the step was first told of: a run that goes on starts above 0."""
    done: int
    total: int


class ProgressLines:
    """Within a `with` block says every 30 s what is done, how far it is and about how long it takes still.

    with ProgressLines(note) as lines:
        lines.advance("describing units", 120, 600)

    A thread of its own speaks, so that a step which tells nothing for minutes is heard of too.
    """

    def __init__(
        self, say: Callable[[str], None], every: float = EVERY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say, self._every, self._clock = say, every, clock
        self._step = _Step("starting", clock(), 0, 0, 0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._speak, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def advance(self, stage: str, done: int, total: int) -> None:
        """So much of a step is done."""
        step = self._step
        if step.stage == stage:
            self._step = step._replace(done=done, total=total)
        else:
            self._step = _Step(stage, self._clock(), done, done, total)

    def line(self) -> str:
        """What can be said now."""
        step = self._step
        passed = self._clock() - step.started
        if not step.total:
            return f"{step.stage}: {_spoken(passed)} so far"
        gained, left = step.done - step.done_before, step.total - step.done
        told = f"{step.stage}: {step.done} of {step.total} ({step.done / step.total:.0%})"
        if gained > 0 and left > 0:
            return f"{told}, about {_spoken(passed * left / gained)} left"
        return f"{told}, {_spoken(passed)} so far"

    def _speak(self) -> None:
        while not self._ended.wait(self._every):
            self._say(self.line())


def _spoken(seconds: float) -> str:
    """A stretch of time, as coarse as it is known: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
