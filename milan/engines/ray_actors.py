"""Shards over Ray actors: Ray Core alone, no dashboard, nothing reported, nothing fetched."""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from milan.engines.engine import TRIES, Engine
from milan.errors import EngineError, MilanError, one_line

__all__ = ["map_with_ray"]

S = TypeVar("S")
R = TypeVar("R")

_OBJECTS_BYTES = 1 << 28
"""Room for objects of a cluster that is started here: a manifest of a million images, twice."""
_KNOCK_SECONDS = 10


def map_with_ray(function: Callable[[S], R], shards: Sequence[S], engine: Engine) -> Iterator[R]:
    """What `map_shards` does, with `engine.workers` actors that hold the function and its network.

    Shards and answers pass through Ray's object store, so both should be small: names, not pixels. A method
    of an actor is run at most once unless retries are asked for; asked for, it may run twice.
    """
    ray = _ray()
    was_running = ray.is_initialized()
    if not was_running:
        _start(ray, engine)
    try:
        _check_room(ray, engine)
        yield from _mapped(ray, function, shards, engine)
    except ray.exceptions.RayTaskError as raised:
        if isinstance(raised.cause, MilanError):
            raise raised.cause from None
        raise
    except ray.exceptions.RayError as trouble:
        raise EngineError(
            f"Ray gave up after {TRIES} tries of a shard ({one_line(trouble)}): workers that are killed are "
            "mostly short of memory; give fewer --workers, or smaller parts with --shards"
        ) from trouble
    finally:
        if not was_running:
            ray.shutdown()


def _mapped(ray: Any, function: Callable[[S], R], shards: Sequence[S], engine: Engine) -> Iterator[R]:
    from ray.util import ActorPool

    class Worker:
        """One copy of the function, which keeps what it opens."""

        function: Callable[[S], R] | None = None

        def work(self, held: Sequence[Any], shard: S) -> R:
            if self.function is None:  # the first shard, also of an actor that started again
                self.function = ray.get(held[0])
            return self.function(shard)

    held = [ray.put(function)]  # sent to each machine once; in a list, Ray hands on the reference alone
    of_each = ray.remote(Worker).options(
        num_cpus=engine.cpus,
        num_gpus=engine.gpus,
        max_restarts=-1,  # machines of a long run come and go
        max_task_retries=TRIES - 1,
    )
    workers = [of_each.remote() for _ in range(min(engine.workers, len(shards)))]
    try:
        pool: Any = ActorPool(workers)
        yield from pool.map_unordered(lambda worker, shard: worker.work.remote(held, shard), shards)
    finally:
        for worker in workers:
            ray.kill(worker)


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise EngineError("Ray is not installed: pip install 'milan-neurons[ray]'") from None
    return ray


def _start(ray: Any, engine: Engine) -> None:
    """Join the cluster of the address, or start one here with room for the workers."""
    chosen: dict[str, Any] = {"address": engine.address}
    if engine.address is None:
        chosen = {
            "num_cpus": max(engine.workers * engine.cpus, os.cpu_count() or 1),
            "object_store_memory": _OBJECTS_BYTES,
            "include_dashboard": False,
            "address": "local",  # whatever RAY_ADDRESS says
        }
    try:
        _knock(engine.address)
        ray.init(logging_level=logging.ERROR, log_to_driver=False, **chosen)
    except (RuntimeError, ValueError, OverflowError, OSError) as trouble:
        if engine.address is None:
            raise EngineError(f"Ray cannot be started here: {one_line(trouble)}") from trouble
        raise EngineError(
            f"no Ray cluster at {engine.address!r} ({one_line(trouble)}). Start one: ray start --head "
            "--include-dashboard=false; or leave --address out for workers of this machine"
        ) from trouble


def _knock(address: str | None) -> None:
    """Fail at once where nobody answers at HOST:PORT: Ray itself tries for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS).close()


def _check_room(ray: Any, engine: Engine) -> None:
    """Refuse more workers than there is room for: shards that were sent to one would wait for ever."""
    fit = 0
    for node in ray.nodes():
        has = node["Resources"] if node["Alive"] else {}
        by_gpu = has.get("GPU", 0) / engine.gpus if engine.gpus else engine.workers
        fit += int(min(has.get("CPU", 0) / engine.cpus, by_gpu))
    if fit < engine.workers:
        needs = f"{engine.cpus} CPUs" + (f" and {engine.gpus:g} GPUs" if engine.gpus else "")
        raise EngineError(
            f"the Ray cluster has room for {fit} workers of {needs} each, not for {engine.workers}"
            + (f": give --workers {fit}" if fit else ": give each less, or start more machines")
        )
