"""What is chosen about the workers of a run."""

import math
from dataclasses import dataclass
from enum import StrEnum

from milan.errors import BadSetting

__all__ = ["TRIES", "Engine", "EngineKind"]

TRIES = 4
"""Times that a shard is begun before its workers' deaths are held to be its own fault."""
_SHARDS_A_WORKER = 8
"""So that the last worker to end keeps the others waiting for an eighth of a share at most."""


class EngineKind(StrEnum):
    """Who runs the workers."""

    LOCAL = "local"
    """Processes of this machine."""
    RAY = "ray"
    """Actors of a Ray cluster, or of one that is started here for the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Workers, and what each of them needs; none of it changes a result."""

    kind: EngineKind = EngineKind.LOCAL
    workers: int = 2
    cpus: int = 1
    """Cores of each worker: threads that decode, and threads of its arithmetic."""
    gpus: float = 0
    """GPUs of each worker; a half lets two share one. Ray alone places workers by it."""
    address: str | None = None
    """A Ray cluster: `auto` for the one that this machine belongs to, or HOST:PORT. None starts one here."""
    shards: int | None = None
    """Parts of the work; None means eight a worker."""

    def __post_init__(self) -> None:
        for name in ("workers", "cpus", "shards"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadSetting(f"an engine's {name} must be at least 1, got {value}")
        if not math.isfinite(self.gpus) or self.gpus < 0:
            raise BadSetting(f"an engine's gpus must be at least 0, got {self.gpus}")
        if self.kind is EngineKind.LOCAL and (self.gpus or self.address):
            raise BadSetting("gpus and an address are what Ray is told: the local engine takes neither")

    def n_shards(self, most: int) -> int:
        """Parts of the work, of which there cannot be more than `most`."""
        return max(1, min(self.shards or _SHARDS_A_WORKER * self.workers, most))
