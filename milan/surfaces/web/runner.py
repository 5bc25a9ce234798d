"""Runs of `milan describe` that pages started: one at a time, in a process of its own, the others wait."""

import os
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from milan.errors import UnknownName, UsageError

__all__ = ["Run", "RunState", "Runner"]

RunState = Literal["waiting", "running", "done", "failed", "cancelled"]
MOST_WAITING, LINES_KEPT, MOST_KEPT = 16, 200, 100
SECONDS_TO_END = 20.0
"""A run that was told to end saves what it has; after so long it is killed."""
SECONDS_BETWEEN_LOOKS = 0.5
_SOME_FAILED = 3


@dataclass(slots=True)
class Run:
    """One run; the thread that runs it changes it, pages only read."""

    number: int
    arguments: tuple[str, ...]
    """Of `milan`, without the program."""
    title: str
    """What was asked for, in a line."""
    folder: Path
    """Its uploads; removed when it ends."""
    state: RunState = "waiting"
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))
    """What it said, the newest last."""
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ("waiting", "running")

    @property
    def said(self) -> list[str]:
        """Its lines as they are now."""
        return list(self.lines)

    @property
    def error(self) -> str | None:
        """The one line that a failed run ends with."""
        if self.state != "failed":
            return None
        said = [line for line in self.said if line.startswith("error: ")]
        return said[-1] if said else "error: it ended without saying why"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "number": self.number,
            "title": self.title,
            "state": self.state,
            "error": self.error,
            "lines": self.said,
        }


class Runner:
    """Holds the runs of one server.

    runner = Runner("units.db")
    runner.start(["describe", "--images=photos", "--", "timm:resnet18"], "resnet18 on photos", folder)
    """

    def __init__(
        self,
        catalog: str,
        is_busy: Callable[[], bool] = lambda: False,
        program: Sequence[str] = (sys.executable, "-m", "milan"),
    ) -> None:
        """Runs write to `catalog`: an address that may hold a password, and so is no argument of theirs.

        `is_busy` says whether somebody else writes there: runs wait meanwhile.
        """
        self._catalog, self._is_busy, self._program = catalog, is_busy, tuple(program)
        self._changed = threading.Condition()
        self._runs: dict[int, Run] = {}
        self._last = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def runs(self) -> list[Run]:
        """All that are remembered, the newest first."""
        with self._changed:
            return list(self._runs.values())[::-1]

    def run(self, number: int) -> Run:
        """One of them; UnknownName for another number."""
        with self._changed:
            if number not in self._runs:
                raise UnknownName("run", str(number), (), "All runs are listed at /runs.")
            return self._runs[number]

    def before(self, run: Run) -> int:
        """How many are to end before a waiting run begins."""
        return sum(not other.is_over and other.number < run.number for other in self.runs())

    def start(self, arguments: Sequence[str], title: str, folder: Path) -> Run:
        """Run as soon as no other does; UsageError when too many wait already."""
        with self._changed:
            if sum(run.state == "waiting" for run in self._runs.values()) >= MOST_WAITING:
                raise UsageError(f"{MOST_WAITING} runs are waiting already: cancel one, or come back later")
            self._last += 1
            run = self._runs[self._last] = Run(self._last, tuple(arguments), title, folder)
            over = [number for number, one in self._runs.items() if one.is_over]
            for number in over[: max(0, len(self._runs) - MOST_KEPT)]:
                del self._runs[number]
            self._changed.notify_all()
            return run

    def cancel(self, number: int) -> Run:
        """End a run; one that is over stays as it is. What it finished is in the catalog."""
        run = self.run(number)
        with self._changed:
            if run.state == "waiting":
                shutil.rmtree(run.folder, ignore_errors=True)
            if not run.is_over:
                run.state = "cancelled"
                self._end(run)
        return run

    def close(self) -> None:
        """End what runs, and begin nothing more."""
        with self._changed:
            self._closed = True
            for run in self._runs.values():
                if not run.is_over:
                    run.state = "cancelled"
                    self._end(run)
                    shutil.rmtree(run.folder, ignore_errors=True)
            self._changed.notify_all()
        self._thread.join(SECONDS_TO_END + 5)

    def _end(self, run: Run) -> None:
        process = run.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        killing = threading.Timer(SECONDS_TO_END, process.kill)
        killing.daemon = True
        killing.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._next() is not None)
                run = self._next()
                if self._closed or run is None:
                    return
                if self._is_busy():
                    self._changed.wait(SECONDS_BETWEEN_LOOKS)
                    continue
                run.state = "running"
            try:
                code = self._watch(run)
            except OSError as problem:  # no process to be had
                run.lines.append(f"error: {problem.strerror or problem}")
                code = 1
            with self._changed:
                if run.state == "running":
                    run.state = "done" if code in (0, _SOME_FAILED) else "failed"
            shutil.rmtree(run.folder, ignore_errors=True)

    def _next(self) -> Run | None:
        return next((run for run in self._runs.values() if run.state == "waiting"), None)

    def _watch(self, run: Run) -> int:
        """Run it to its end; the exit code."""
        process = subprocess.Popen(
            [*self._program, *run.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | {"MILAN_CATALOG": self._catalog, "MILAN_PROGRESS_SECONDS": "2", "NO_COLOR": "1"},
        )
        with self._changed:
            run.process = process
            if run.state == "cancelled":  # before there was anything to end
                self._end(run)
        with process:
            assert process.stdout is not None
            _listen(process.stdout, run.lines)
        return process.returncode


def _listen(said: IO[str], lines: deque[str]) -> None:
    """Keep what a run says; of progress within one step the newest line alone."""
    for line in said:
        shown = line.strip()
        step = shown.partition(": ")[0]
        if lines and step and not shown.startswith("error") and lines[-1].partition(": ")[0] == step:
            lines.pop()
        if shown:
            lines.append(shown)
