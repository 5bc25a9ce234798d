"""The one name of a unit."""

import re
from dataclasses import dataclass
from typing import Self

from milan.errors import UsageError

__all__ = ["UnitId"]


@dataclass(frozen=True, order=True, slots=True)
class UnitId:
    """A unit's address, the same in files, commands and pages.

    >>> str(UnitId("resnet18", "layer3", 41))
    'resnet18/layer3/41'
    >>> UnitId.parse("resnet18/layer3/41").filename
    'resnet18--layer3--41'
    """

    network: str
    """Name of the network in its catalog; never holds a slash."""
    layer: str
    """Module path as in `named_modules`; may hold dots and brackets, never a slash."""
    index: int
    """Position on the layer's unit axis, from 0."""

    def __post_init__(self) -> None:
        if "/" in self.network or "/" in self.layer or not self.network or not self.layer:
            raise UsageError(f"a unit is written network/layer/index, got {self.network!r}, {self.layer!r}")
        if self.index < 0:
            raise UsageError(f"a unit's index starts at 0, got {self.index}")

    def __str__(self) -> str:
        return f"{self.network}/{self.layer}/{self.index}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `network/layer/index`; raise UsageError with an example otherwise."""
        parts = text.split("/")
        if len(parts) != 3 or not re.fullmatch(r"[0-9]+", parts[2]):
            raise UsageError(
                f"a unit is written network/layer/index (such as resnet18/layer3/41), got {text!r}"
            )
        return cls(parts[0], parts[1], int(parts[2]))

    @property
    def filename(self) -> str:
        """The address with nothing that a file system minds."""
        return re.sub(r"[^A-Za-z0-9._-]+", "_", str(self).replace("/", "--"))
