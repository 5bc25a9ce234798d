"""What can be chosen about a pass, and which part of it a process does."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

from milan.errors import BadSetting

__all__ = ["ExemplarSettings", "Shard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemplarSettings:
    """Options that change the result; all of them are part of a state's key."""

    k: int = 15
    """Exemplars kept of each unit."""
    quantile: float = 0.99
    """A unit's threshold is this quantile of its activations: more marks smaller regions."""
    batch_size: int = 32
    """Images in one forward pass: other sizes move activations by rounding."""
    map_size: int = 28
    """Largest height and width of stored maps."""
    n_measured: int = 2048
    """Most images of the measuring side whose mean and peak activations are kept."""
    n_selected: int = 2048
    """Most images of the exemplar side whose mean and peak activations are kept, to choose words by a unit's
    whole range.
    """
    signed: bool = False
    """Whether lowest activations are exemplars too, on the negated scale."""

    def __post_init__(self) -> None:
        for name in ("k", "batch_size", "map_size"):
            if getattr(self, name) < 1:
                raise BadSetting(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("n_measured", "n_selected"):
            if getattr(self, name) < 0:
                raise BadSetting(f"{name} must be at least 0, got {getattr(self, name)}")
        if not 0 < self.quantile < 1:
            raise BadSetting(f"quantile must lie between 0 and 1, got {self.quantile}")

    def as_dict(self) -> dict[str, Any]:
        """All of them as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Shard:
    """One process's part of the batches: every `count`-th, from `index` on.

    >>> Shard.parse("3/64")
    Shard(index=2, count=64)
    """

    index: int = 0
    """From 0."""
    count: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.count:
            raise BadSetting(f"a shard is 1/{self.count} to {self.count}/{self.count}, got {self}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `3/64`, counted from 1 as people do."""
        found = re.fullmatch(r"([0-9]+)/([0-9]+)", text)
        if found is None:
            raise BadSetting(f"a shard is written 3/64 (the third of 64), got {text!r}")
        return cls(int(found[1]) - 1, int(found[2]))

    def __str__(self) -> str:
        return f"{self.index + 1}/{self.count}"

    def batches(self, n_batches: int) -> range:
        """The batches that are its work."""
        return range(self.index, n_batches, self.count)
