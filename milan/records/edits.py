"""What is done to units while a network runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from milan.errors import BadSetting
from milan.records.units import UnitId

__all__ = ["Edit", "held", "zeroed"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Units of one layer get other activations: `scale * activation + shift`, at every position.

    Every intervention in use is of this form, and so two that follow each other are one, and what can be
    said of a unit's activation can be folded into weights.

    >>> Edit.zero("layer4", [3, 7])
    Edit(layer='layer4', units=(3, 7), scale=0.0, shift=(0.0, 0.0))
    """

    layer: str
    """Name of the layer, as `milan layers` prints it."""
    units: tuple[int, ...]
    """Positions on its unit axis, each once."""
    scale: float
    """What an activation is multiplied by; 0 takes away even what is not finite."""
    shift: tuple[float, ...]
    """What is added, one number a unit, in the unit's own scale."""

    def __post_init__(self) -> None:
        if len(set(self.units)) != len(self.units) or any(unit < 0 for unit in self.units):
            raise BadSetting(f"an edit of {self.layer} names each unit once, from 0 on; got {self.units}")
        if len(self.shift) != len(self.units):
            raise BadSetting(
                f"an edit of {len(self.units)} units of {self.layer} has {len(self.shift)} shifts: one each"
            )

    @classmethod
    def zero(cls, layer: str, units: Iterable[int]) -> Self:
        """Switch units off: their activation is 0 everywhere."""
        return cls.to_value(layer, units, 0.0)

    @classmethod
    def to_value(cls, layer: str, units: Iterable[int], value: float | Sequence[float]) -> Self:
        """Hold units at a value, one for all or one each; their means make a mean ablation."""
        members = tuple(units)
        shift = (float(value),) * len(members) if isinstance(value, int | float) else tuple(map(float, value))
        return cls(layer, members, 0.0, shift)

    @classmethod
    def scaled(cls, layer: str, units: Iterable[int], by: float) -> Self:
        """Make units weaker or stronger."""
        members = tuple(units)
        return cls(layer, members, float(by), (0.0,) * len(members))


def held(units: Iterable[UnitId], values: Iterable[float]) -> list[Edit]:
    """Edits that hold each unit of one network at a value of its own, one edit a layer, in the order in which
    layers are met first.

    >>> held([UnitId("net", "b", 1), UnitId("net", "a", 0), UnitId("net", "b", 0)], [0.5, 1, 2])[0].shift
    (0.5, 2.0)
    """
    by_layer: dict[str, dict[int, float]] = {}
    for unit, value in zip(units, values, strict=True):
        by_layer.setdefault(unit.layer, {})[unit.index] = float(value)
    return [Edit.to_value(layer, at, tuple(at.values())) for layer, at in by_layer.items()]


def zeroed(units: Iterable[UnitId]) -> list[Edit]:
    """Edits that switch off units of one network, one a layer, in the order in which layers are met first.

    >>> zeroed([UnitId("net", "b", 1), UnitId("net", "a", 0), UnitId("net", "b", 0)])[0].units
    (1, 0)
    """
    asked = tuple(units)
    return held(asked, (0.0,) * len(asked))
