"""Names that an ImageNet classifier knows by heart: its classes, and what they are kinds of.

The table `classes.tsv` says which of the 1,000 classes a phrase names: "a tench" one, "a fish" sixteen. It is
made of WordNet with the phrase bank (`bank_sources`).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32
from scipy.sparse import csr_array

from captioner.errors import CaptionerError
from captioner.files import data_file

__all__ = ["CLASS_TABLE", "N_CLASSES", "KnownNames", "known_names"]

CLASS_TABLE = "captioner/classes.tsv"
N_CLASSES = 1000


@dataclass(frozen=True, eq=False)
class KnownNames:
    """Phrases that name classes."""

    phrases: tuple[str, ...]
    """Each once, in the bank's style."""
    members: Bool[np.ndarray, "name class"]
    """Which classes each one names."""

    @cached_property
    def classes(self) -> dict[str, frozenset[int]]:
        """Which classes each phrase names, in the order of the phrases."""
        return {
            phrase: frozenset(np.flatnonzero(own).tolist())
            for phrase, own in zip(self.phrases, self.members, strict=True)
        }

    @cached_property
    def _summing(self) -> csr_array:
        # most names cover a class or two: a dense matrix would be zeros nearly all over
        return csr_array(self.members, dtype=np.float32)

    def chances(self, of_classes: Float32[np.ndarray, "region class"]) -> Float32[np.ndarray, "region name"]:
        """How likely a region is one of the classes that a phrase names."""
        summed: Float32[np.ndarray, "name region"] = self._summing @ of_classes.T
        return np.ascontiguousarray(summed.T.clip(max=1))

    def save(self, file: Path) -> None:
        """Write a line a phrase: the phrase, a tab, its classes with commas between."""
        lines = (
            f"{phrase}\t{','.join(map(str, np.flatnonzero(own).tolist()))}\n"
            for phrase, own in zip(self.phrases, self.members, strict=True)
        )
        file.write_text("".join(lines), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> "KnownNames":
        """Read what `save` wrote; CaptionerError when it is missing."""
        if not file.is_file():
            raise CaptionerError(f"no table of class names at {file}")
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
        members = np.zeros((len(rows), N_CLASSES), np.bool_)
        for row, (_, numbers) in zip(members, rows, strict=True):
            row[[int(number) for number in numbers.split(",")]] = True
        return cls(tuple(phrase for phrase, _ in rows), members)


@cache
def known_names() -> KnownNames:
    """The table that ships."""
    return KnownNames.load(data_file(CLASS_TABLE))
