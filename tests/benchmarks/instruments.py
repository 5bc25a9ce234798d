"""What a task takes: seconds, and memory."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Clock:
    """Seconds of several tasks: on the wall, and of the processor (blind to what else the machine does)."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.processor: list[float] = []

    def time(self, task: Callable[[], Any]) -> Any:
        """Run a task and note what it took."""
        wall, processor = time.perf_counter(), time.process_time()
        found = task()
        self.wall.append(time.perf_counter() - wall)
        self.processor.append(time.process_time() - processor)
        return found


class Resident:
    """Peak resident memory of a block, sampled every 5 ms."""

    def __enter__(self) -> "Resident":
        self.peak = 0
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample)
        self._sampler.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ended.set()
        self._sampler.join()

    def _sample(self) -> None:
        while not self._ended.wait(0.005):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.peak = max(self.peak, pages * 4096)
