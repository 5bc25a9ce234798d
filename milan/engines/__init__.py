"""Where shards are worked on: in processes of this machine, or in Ray actors anywhere.

In go a function and shards; out come the function's answers, in the order in which they are done. The room
knows nothing of what a shard is.

    for file in map_shards(function, shards, Engine(kind="ray", workers=8, gpus=1)):
        state.merge(ExemplarState.load(file))

Each worker gets one copy of the function and keeps it: what it opens at its first shard stays open. A worker
that is killed costs the shard that it was at, which is worked on again; so a shard must be safe to do twice.
"""

from milan.engines.engine import Engine, EngineKind
from milan.engines.mapping import map_shards

__all__ = ["Engine", "EngineKind", "map_shards"]
