"""Which units one picture or text stirs most, and which an edit moved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.catalog import SaidUnits, UnitLevels
from milan.records import UnitId
from milan.uses.live.reaction import Reaction

__all__ = ["Moved", "Stirred", "moved_units", "rank_units"]


@dataclass(frozen=True, slots=True)
class Stirred:
    """A unit's part in a reaction."""

    unit: UnitId
    phrase: str | None
    """What it responds to; None where nothing consistent is known."""
    faithfulness: float | None
    activation: float
    """Its peak here, in its own scale."""
    strength: float
    """The peak on the scale of what is known of the unit: 0 at its threshold, 1 at its strongest exemplar."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"unit": str(self.unit)}


class Moved(NamedTuple):
    """A unit before and after an edit."""

    before: Stirred
    after: Stirred


def rank_units(
    levels: UnitLevels, reaction: Reaction, *, layer: str | None = None, described: bool = True
) -> list[Stirred]:
    """Units of the layers listened to, the most stirred on their own scale first.

    Of one layer or of all; only those with words unless `described` is false. Units without a scale of their
    own (dead, failed, the same everywhere) are left out.
    """
    peaks = _peaks(levels.said, reaction)
    strength = levels.strength(peaks)
    chosen = np.isfinite(strength)
    if described:
        chosen &= levels.said.is_said
    if layer is not None:
        places = [at for at, one in enumerate(levels.said.layers) if one.name == layer]
        chosen &= np.isin(levels.said.layer, places)
    rows = np.flatnonzero(chosen)
    order = rows[np.argsort(-strength[rows], kind="stable")]
    return [_stirred(levels.said, row, peaks[row], strength[row]) for row in order.tolist()]


def moved_units(
    levels: UnitLevels, before: Reaction, after: Reaction, changed: Sequence[UnitId], most: int = 12
) -> list[Moved]:
    """Described units that an edit moved furthest on their own scale, without those that were `changed`."""
    peaks = [_peaks(levels.said, reaction) for reaction in (before, after)]
    strengths = [levels.strength(some) for some in peaks]
    by = np.abs(strengths[1] - strengths[0])
    set_by_hand = {(unit.layer, unit.index) for unit in changed}
    rows = np.flatnonzero(np.nan_to_num(by) > _STILL)
    found = []
    for row in rows[np.argsort(-by[rows], kind="stable")].tolist():
        unit = levels.said.unit(row)
        if levels.said.is_said[row] and (unit.layer, unit.index) not in set_by_hand:
            ends = [_stirred(levels.said, row, peaks[end][row], strengths[end][row]) for end in (0, 1)]
            found.append(Moved(*ends))
        if len(found) == most:
            break
    return found


_STILL = 1e-4
"""Rounding of a pass moves units by less than this share of their scale."""


def _peaks(said: SaidUnits, reaction: Reaction) -> Float64[np.ndarray, " unit"]:
    """Peak of every unit of the catalog; not-a-number where its layer was not listened to."""
    peaks = np.full(len(said), np.nan)
    for place, layer in enumerate(said.layers):
        if layer.name in reaction.activations:
            rows = np.flatnonzero(said.layer == place)
            peaks[rows] = reaction.peaks(layer.name)[said.index[rows]]
    return peaks


def _stirred(said: SaidUnits, row: int, peak: float, strength: float) -> Stirred:
    stated = float(said.faithfulness[row, 0])
    phrase = said.phrases[int(said.phrase[row])] if said.is_said[row] else None
    return Stirred(said.unit(row), phrase, None if np.isnan(stated) else stated, float(peak), float(strength))
