"""How commands speak: data to stdout, everything else to stderr, one line for a user's mistake."""

import errno
import functools
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from milan.errors import MilanError
from milan.surfaces.cli.progress import ProgressLines, seconds_between_lines
from milan.surfaces.cli.visible import VisibleConsole, escaped

__all__ = [
    "ExitCode",
    "Terminated",
    "answers_errors",
    "asides",
    "interrupted",
    "note",
    "print_error",
    "print_json",
    "progress_bars",
    "resumable",
    "stderr",
    "stdout",
    "unwind_when_terminated",
]

P = ParamSpec("P")

stdout = VisibleConsole(highlight=False, soft_wrap=True, emoji=False)
stderr = VisibleConsole(stderr=True, highlight=False, soft_wrap=True, emoji=False)
asides = VisibleConsole(stderr=True, highlight=False, soft_wrap=True, emoji=False)
"""Notes and progress: what `--quiet` silences."""


class ExitCode:
    """Endings of a command; the README lists them."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    SOME_UNITS_FAILED = 3
    VIOLATED = 4
    INTERRUPTED = 130
    TERMINATED = 143


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM); it unwinds as from Ctrl-C."""


def unwind_when_terminated() -> None:
    """From now on SIGTERM ends a command as Ctrl-C does: files are closed and the last line is said."""

    def unwind(number: int, frame: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, unwind)


def answers_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can mend into one line and an exit code; anything else stays a traceback."""
    return _answering(command, "nothing was finished: the same command starts anew")


def resumable(kept: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """`answers_errors` for a command that goes on where it was cut off; `kept` says what it goes on from."""
    return lambda command: _answering(command, f"{kept}: run the same command to go on")


def _answering(command: Callable[P, None], after: str) -> Callable[P, None]:
    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt as stop:
            raise typer.Exit(interrupted(stop, after)) from None
        except MilanError as mistake:
            _fail(str(mistake), mistake.exit_code)
        except OSError as trouble:
            if trouble.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
                raise
            where = f" ({trouble.filename})" if trouble.filename else ""
            _fail(f"{trouble.strerror}{where}; what was saved before is kept", ExitCode.ERROR)
        except ValueError as mistake:
            from captioner.errors import CaptionerError  # stands alone, so has no base in common with ours

            if not isinstance(mistake, CaptionerError):
                raise
            _fail(str(mistake), ExitCode.ERROR)

    return wrapped


def interrupted(stop: BaseException | None, after: str) -> int:
    """Say that a command was cut off and what comes after; the exit code of it."""
    terminated = isinstance(stop, Terminated)
    note(f"{'terminated' if terminated else 'interrupted'}; {after}")
    return ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED


def _fail(line: str, code: int) -> None:
    print_error(line)
    raise typer.Exit(code) from None


def print_error(line: str) -> None:
    """Say in one line what went wrong."""
    stderr.print(f"[bold red]error:[/] {_plain(line)}")


def note(line: str) -> None:
    """Say something aloud that is not data."""
    asides.print(_plain(line), style="dim")


def _plain(line: str) -> str:
    from rich.markup import escape

    return escape(" ".join(line.split()))


def print_json(document: Any) -> None:
    """One document to stdout."""
    sys.stdout.write(escaped(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


@contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Answer a function `(stage, done, total)` that keeps one bar a stage; in a log, a line now and then.

    `quiet` draws no bars, for a document is awaited on the same terminal; a log gets its lines all the same.
    """
    if asides.quiet or (quiet and asides.is_terminal):
        yield lambda stage, done, total: None
        return
    if not asides.is_terminal:
        with ProgressLines(note, seconds_between_lines()) as lines:
            yield lines.advance
        return
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=asides) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance
