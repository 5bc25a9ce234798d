"""Activations whose ranking is known: units that follow one class each, among units that follow none."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int64

from milan.errors import BadSetting

__all__ = ["Planted", "PlantedPlan", "plant_units"]


@dataclass(frozen=True, slots=True)
class PlantedPlan:
    """How much of everything there is; the defaults are the benchmark's."""

    n_tokens: int = 20_000
    n_units: int = 3_072
    n_classes: int = 12
    n_planted: int = 240
    """Units with a class; a multiple of the classes."""
    n_dead: int = 24
    """Units that are always zero."""
    strength: tuple[float, float] = (0.15, 0.85)
    """Lowest and highest shift on the own class, in deviations of the unit; its sign is drawn."""
    skew: float = 0.5
    """Class c has tokens in proportion to 1 / c^skew."""
    n_factors: int = 32
    """Noise that all units share comes from so many sources ..."""
    shared: float = 0.3
    """... and makes so much of a unit's variance."""
    offset: float = 0.5
    """Means lie within so many deviations of zero."""
    scale: float = 4.0
    """Units are multiplied by factors between 1 / scale and scale."""


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """The activations and what is true of them."""

    matrix: Float32[np.ndarray, "token unit"]
    labels: Int64[np.ndarray, " token"]
    units: Int64[np.ndarray, " planted"]
    """Which units follow a class, ascending."""
    classes: Int64[np.ndarray, " planted"]
    """Which class each of them follows."""
    strength: Float64[np.ndarray, " planted"]
    dead: Int64[np.ndarray, " dead"]


def plant_units(seed: int, plan: PlantedPlan | None = None) -> Planted:
    """Draw tokens of unbalanced classes, units with shared and own noise, and shift the planted ones.

    Scales and offsets are drawn apart from which units are planted, so that neither gives them away.
    BadSetting when the classes cannot have equally many planted units.
    """
    plan = plan or PlantedPlan()
    if plan.n_planted % plan.n_classes or plan.n_planted + plan.n_dead > plan.n_units:
        raise BadSetting(
            f"{plan.n_planted} planted and {plan.n_dead} dead of {plan.n_units} units cannot be shared "
            f"equally by {plan.n_classes} classes"
        )
    rng = np.random.default_rng(seed)
    shares = np.arange(1, plan.n_classes + 1) ** -plan.skew
    labels = rng.choice(plan.n_classes, plan.n_tokens, p=shares / shares.sum())
    special = rng.choice(plan.n_units, plan.n_planted + plan.n_dead, replace=False)
    units, dead = np.sort(special[: plan.n_planted]), np.sort(special[plan.n_planted :])
    classes = rng.permutation(np.arange(plan.n_planted) % plan.n_classes)
    strength = rng.uniform(*plan.strength, plan.n_planted) * rng.choice([-1, 1], plan.n_planted)

    matrix = _noise(rng, plan)
    of_class = np.zeros((plan.n_classes, plan.n_units), np.float32)
    of_class[classes, units] = strength
    matrix += of_class[labels]
    matrix += rng.uniform(-plan.offset, plan.offset, plan.n_units).astype(np.float32)
    matrix *= np.exp(rng.uniform(-1, 1, plan.n_units) * np.log(plan.scale)).astype(np.float32)
    matrix[:, dead] = 0
    return Planted(matrix, labels, units, classes, strength, dead)


def _noise(rng: np.random.Generator, plan: PlantedPlan) -> Float32[np.ndarray, "token unit"]:
    """Variance 1 in every unit, of which a part comes from common sources."""
    sources = rng.standard_normal((plan.n_tokens, plan.n_factors), np.float32)
    loads = rng.standard_normal((plan.n_factors, plan.n_units), np.float32)
    loads *= np.float32(np.sqrt(plan.shared)) / np.linalg.norm(loads, axis=0)
    own = rng.standard_normal((plan.n_tokens, plan.n_units), np.float32)
    own *= np.float32(np.sqrt(1 - plan.shared))
    own += sources @ loads
    return own
