"""What an edit did, as records."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool

from milan.catalog import Answer
from milan.records import Edit, Figure, UnitId, held

__all__ = ["Arm", "Chosen", "EditReport", "Retrained", "TestedSet"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided before any test image was seen."""

    n_candidates: int
    units: tuple[UnitId, ...]
    """Switched off, the first in the order first."""
    held_at: tuple[float, ...]
    """At which activation each is held; 0 unless it is a mean."""
    answers: Mapping[UnitId, Answer]
    """Words of the units and how they match."""
    validation_drop: Mapping[UnitId, float]
    """Share of validation images lost without the unit alone."""
    clean_before: Figure
    clean_after: Figure
    clean_curve: tuple[float, ...]
    """Accuracy on clean validation images without the first 0, 1, 2, ... candidates."""
    n_shown: int
    """Validation images that drive the candidates most, and so are taken to show the concept."""

    @property
    def edits(self) -> list[Edit]:
        """What is done to the network."""
        return held(self.units, self.held_at)


@dataclass(frozen=True, slots=True)
class Arm:
    """As many units of another choice switched off."""

    name: str
    """`edit`, `sort-all`, `blind sort-all`, `random` or `layer-matched random`."""
    n_units: int
    accuracy: Figure
    difference: Figure | None = None
    """Accuracy of the edit, with as many units, less that of this arm, image by image."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        difference = None if self.difference is None else self.difference._asdict()
        return {**asdict(self), "accuracy": self.accuracy._asdict(), "difference": difference}


@dataclass(frozen=True, slots=True)
class Retrained:
    """The last layer fitted anew to clean validation images (DFR: Kirichenko et al., ICLR 2023)."""

    accuracy: Figure
    n_images: int
    """That it was fitted to."""
    strength: float
    """Inverse of the penalty, chosen by cross-validation on them."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {**asdict(self), "accuracy": self.accuracy._asdict()}


@dataclass(frozen=True, slots=True, eq=False)
class TestedSet:
    """One test set, before and after."""

    __test__ = False  # pytest takes names that begin so for tests

    name: str
    before: Figure
    after: Figure
    change: Figure
    """After less before, image by image."""
    arms: tuple[Arm, ...]
    retrained: Retrained | None
    paths: tuple[str, ...]
    right_before: Bool[np.ndarray, " image"]
    right_after: Bool[np.ndarray, " image"]

    def as_dict(self) -> dict[str, Any]:
        """Without what is told of each image."""
        return {
            "name": self.name,
            "n_images": len(self.paths),
            "before": self.before._asdict(),
            "after": self.after._asdict(),
            "change": self.change._asdict(),
            "arms": [arm.as_dict() for arm in self.arms],
            "retrained": None if self.retrained is None else self.retrained.as_dict(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class EditReport:
    """An edit with its proof."""

    options: Mapping[str, Any]
    network: Mapping[str, Any]
    """Name, spec, hash of the weights, preprocessing."""
    chosen: Chosen
    sets: tuple[TestedSet, ...]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The whole as JSON takes it."""
        chosen = self.chosen
        return {
            "options": dict(self.options),
            "network": dict(self.network),
            "n_candidates": chosen.n_candidates,
            "n_shown": chosen.n_shown,
            "units": [
                {
                    "unit": str(unit),
                    "description": chosen.answers[unit].phrase,
                    "found_by": chosen.answers[unit].how,
                    "score": chosen.answers[unit].score,
                    "faithfulness": chosen.answers[unit].faithfulness,
                    "validation_drop": chosen.validation_drop[unit],
                    "held_at": value,
                }
                for unit, value in zip(chosen.units, chosen.held_at, strict=True)
            ],
            "clean": {
                "before": chosen.clean_before._asdict(),
                "after": chosen.clean_after._asdict(),
                "curve": list(chosen.clean_curve),
            },
            "sets": [tested.as_dict() for tested in self.sets],
            "notes": list(self.notes),
        }
