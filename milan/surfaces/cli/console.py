"""How commands speak: data to stdout, everything else to stderr, one line for a user's mistake."""

import errno
import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from milan.errors import MilanError

__all__ = [
    "ExitCode",
    "answers_errors",
    "asides",
    "note",
    "print_error",
    "print_json",
    "progress_bars",
    "stderr",
    "stdout",
]

P = ParamSpec("P")

stdout = Console(highlight=False, soft_wrap=True, emoji=False)
stderr = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
asides = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
"""Notes and progress: what `--quiet` silences."""


class ExitCode:
    """Endings of a command; the README lists them."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    SOME_UNITS_FAILED = 3
    VIOLATED = 4
    INTERRUPTED = 130


def answers_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can mend into one line and an exit code; anything else stays a traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            note("interrupted; what was done is kept: run the same command to go on")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
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
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Answer a function `(stage, done, total)` that keeps one bar a stage, on a terminal only."""
    if quiet or asides.quiet or not asides.is_terminal:
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=asides) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance
