"""One thing that was looked at."""

from dataclasses import asdict, dataclass
from enum import StrEnum

__all__ = ["Finding", "Level"]


class Level(StrEnum):
    """How it is."""

    FINE = "fine"
    NOTE = "note"
    """Something to know that hinders nothing."""
    PROBLEM = "problem"
    """Something will not work, or is not what it says."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of it."""

    about: str
    """`packages`, `devices`, `weights`, `extras`, `cache` or `catalog`."""
    level: Level
    line: str
    remedy: str = ""
    """What to do; empty where there is nothing."""

    def as_dict(self) -> dict[str, str]:
        """Plain values, for `--json`."""
        return {name: str(value) for name, value in asdict(self).items()}
