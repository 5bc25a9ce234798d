"""Shards over processes of this machine, each replaced when it dies."""

import multiprocessing
import pickle
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from milan.engines.engine import TRIES, Engine
from milan.errors import EngineError, MilanError

__all__ = ["map_with_processes"]

S = TypeVar("S")
R = TypeVar("R")

_SPAWN = multiprocessing.get_context("spawn")  # a fork would copy the locks of torch's threads, held for ever


def map_with_processes(function: Callable[[S], R], shards: Sequence[S], engine: Engine) -> Iterator[R]:
    """What `map_shards` does, with `engine.workers` processes of this machine."""
    waiting = deque(enumerate(shards))
    begun: Counter[int] = Counter()
    workers: dict[Connection, _Worker] = {}
    try:
        while waiting or workers:
            while waiting and len(workers) < engine.workers:
                started = _Worker(function)
                workers[started.connection] = started
                started.begin(waiting.popleft())
            for ready in wait(list(workers)):
                assert isinstance(ready, Connection)
                worker = workers[ready]
                try:
                    answer = ready.recv()
                except (EOFError, ConnectionResetError):
                    number, shard = worker.task
                    del workers[ready]
                    code = worker.end()
                    begun[number] += 1
                    if begun[number] == TRIES:
                        raise EngineError(
                            f"shard {shard} ended {TRIES} workers ({_how(code)}): each holds the network and "
                            "a state, so give fewer --workers, or smaller parts with --shards"
                        ) from None
                    waiting.appendleft((number, shard))
                    continue
                if isinstance(answer, MilanError):
                    raise answer
                if waiting:
                    worker.begin(waiting.popleft())
                else:
                    del workers[ready]
                    worker.end()
                yield answer
    finally:
        for worker in workers.values():
            worker.end()


class _Worker:
    """A process, the pipe to it, and the shard that it is at."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(theirs, function), daemon=True)
        try:
            self._process.start()
        except (pickle.PicklingError, AttributeError, TypeError) as problem:
            raise EngineError(f"the work cannot be sent to a process of its own: {problem}") from problem
        theirs.close()  # so that the pipe breaks when the worker dies

    def begin(self, task: tuple[int, Any]) -> None:
        """Send a numbered shard; a worker that is dead by now is found so when its answer is awaited."""
        self.task = task
        try:
            self.connection.send(task[1])
        except (BrokenPipeError, ConnectionResetError):
            return

    def end(self) -> int | None:
        """Stop the process, whatever it does; how it ended."""
        self.connection.close()
        self._process.terminate()
        self._process.join()
        return self._process.exitcode


def _work(connection: Connection, function: Callable[[Any], Any]) -> None:
    """A worker's life: shards in, answers or a user's mistake out; its death is news enough of all else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one that maps ends the others
    while True:
        try:
            shard = connection.recv()
        except EOFError:
            return
        try:
            answer = function(shard)
        except MilanError as mistake:
            connection.send(mistake)
        else:
            connection.send(answer)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
