"""At what units are held when they are switched off: at nothing, or at a level of their own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from jaxtyping import Float32

from milan.records import Edit, UnitId, held, zeroed

__all__ = ["Levels", "SetTo", "switched_off"]

Levels = Mapping[str, Float32[np.ndarray, " unit"]]
"""For each layer by name a value for each of its units, in the layer's own scale."""


class SetTo(StrEnum):
    """What a unit's activation is when it is switched off."""

    ZERO = "zero"
    MEAN = "mean"
    """Its mean over some images: its level."""


def switched_off(units: Sequence[UnitId], levels: Levels | None = None) -> list[Edit]:
    """Edits that hold units at zero, or at their levels.

    At zero a unit that is always a little active says something new to the units that read it; at its mean
    activation (`Responses.levels`) it says what it says most of the time, and only what it tells apart is
    lost.
    """
    if levels is None:
        return zeroed(units)
    return held(units, [float(levels[unit.layer][unit.index]) for unit in units])
