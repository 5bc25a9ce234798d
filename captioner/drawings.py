"""What is drawn: a gate that tells drawings from photographs, and a classifier of drawn things.

A projector learns photographs and drawings only at each other's cost: the two are read off the same features
in different ways. So drawings have an expert of their own, and photographs never meet it. It is a linear
discriminant (Fisher 1936): a thing drawn in ever other manners varies alike whatever it is, and directions in
which manners vary are divided out. That needs no steps of training, and one drawing in a new manner is named
where a network trained on the same drawings remembers their manners.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int64
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from captioner.errors import WeightsError
from captioner.quantised import packed, unpacked

__all__ = ["Drawings", "DrawnThing"]

_WEIGHTS = "drawings.safetensors"
_NAMES = "drawings.tsv"


@dataclass(frozen=True, slots=True)
class DrawnThing:
    """A class of the classifier."""

    phrases: tuple[str, ...]
    """What it is called, then what it is a kind of."""


@dataclass(frozen=True, eq=False)
class Drawings:
    """Knowledge of drawings for features of one backbone."""

    things: tuple[DrawnThing, ...]
    gate: Float[Tensor, "1 feature"]
    """Log odds of drawing against photograph, for standardised features."""
    axes: Float[Tensor, "axis feature"]
    """Directions in which things differ, for standardised features."""
    weights: Float[Tensor, "thing axis"]
    vectors: Float[Tensor, "thing dim"]
    """Where the names lie among the phrases; unit length."""
    offsets: Float[Tensor, " number"]
    """Of the gate, then of each thing."""
    mean: Float[Tensor, " feature"]
    spread: Float[Tensor, " feature"]

    def drawn(self, features: Float[Tensor, "... feature"]) -> Bool[Tensor, "..."]:
        """Which regions are drawings, beyond doubt: a photograph must not be taken for one."""
        odds = self._standardised(features) @ self.gate[0] + self.offsets[0]
        return odds > 0

    def chances(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... thing"]:
        """How likely each thing is, of regions that are drawings."""
        known = self._standardised(features) @ self.axes.T
        return (known @ self.weights.T + self.offsets[1:]).softmax(-1)

    def place(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... dim"]:
        """Where drawings lie among the phrases: the names' mean, weighted by root chances; unit length."""
        return F.normalize(self.chances(features).sqrt() @ self.vectors, dim=-1)

    def names(
        self, phrases: tuple[str, ...]
    ) -> tuple[Int64[np.ndarray, " name"], Float[Tensor, "thing name"]]:
        """Which of some phrases name drawn things, and which things each one names."""
        return _named(self.things, phrases)

    def save(self, folder: Path) -> None:
        """Write into a head's folder."""
        tensors = {name: getattr(self, name) for name in _TENSORS}
        file = folder / _WEIGHTS
        save_file(packed(tensors), file, metadata={"format": "pt"})
        file.chmod(0o644)  # safetensors makes it readable for its owner alone
        lines = ("\t".join(thing.phrases) + "\n" for thing in self.things)
        (folder / _NAMES).write_text("".join(lines), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Drawings | None":
        """Read what `save` wrote; None where a head knows photographs alone. WeightsError: damaged."""
        file = folder / _WEIGHTS
        if not file.is_file():
            return None
        try:
            tensors = unpacked(load_file(file))
            lines = (folder / _NAMES).read_text(encoding="utf-8").splitlines()
            things = tuple(DrawnThing(tuple(line.split("\t"))) for line in lines)
            return cls(things, **{name: tensors[name] for name in _TENSORS})
        except (SafetensorError, OSError, KeyError) as wrong:
            raise WeightsError(f"{file} is damaged: {wrong}") from wrong

    def _standardised(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... feature"]:
        return torch.addcmul(self._shift, features, self._scale).clamp_(-10, 10)

    @cached_property
    def _scale(self) -> Float[Tensor, " feature"]:
        return 1 / self.spread

    @cached_property
    def _shift(self) -> Float[Tensor, " feature"]:
        return -self.mean / self.spread


_TENSORS = ("gate", "axes", "weights", "vectors", "offsets", "mean", "spread")


@cache
def _named(
    things: tuple[DrawnThing, ...], phrases: tuple[str, ...]
) -> tuple[Int64[np.ndarray, " name"], Float[Tensor, "thing name"]]:
    said = {phrase for thing in things for phrase in thing.phrases}
    columns = np.array([at for at, phrase in enumerate(phrases) if phrase in said], np.int64)
    members = torch.tensor([[phrases[at] in thing.phrases for at in columns] for thing in things])
    return columns, members.float()
