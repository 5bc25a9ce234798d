"""The one seam between what is computed and where."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from milan.engines.engine import Engine, EngineKind

__all__ = ["map_shards"]

S = TypeVar("S")
R = TypeVar("R")


def map_shards(function: Callable[[S], R], shards: Sequence[S], engine: Engine) -> Iterator[R]:
    """Answers of a function for every shard, as they are done.

    The function is pickled, once for each worker. A MilanError that it raises ends the mapping and is raised
    here. A worker that dies is replaced and its shard begun again; EngineError when one shard outlives no
    worker, when workers cannot be started, or where Ray is not installed.
    """
    if engine.kind is EngineKind.RAY:
        from milan.engines.ray_actors import map_with_ray

        return map_with_ray(function, shards, engine)
    from milan.engines.processes import map_with_processes

    return map_with_processes(function, shards, engine)
