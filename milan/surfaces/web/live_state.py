"""What the address of a live page says: the text, which unit is looked at, and which are set to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Annotated, Any, Self
from urllib.parse import urlencode

from fastapi import Query

from milan.errors import BadSetting
from milan.records import Edit, UnitId
from milan.records.edits import held

__all__ = ["LiveState", "read_state"]

MOST_SET = 256
MOST_LETTERS = 300


@dataclass(frozen=True, slots=True)
class LiveState:
    """All that a live page depends on, besides the picture."""

    text: str = ""
    layer: str | None = None
    """Units of this layer are listed; of all layers without."""
    unit: str | None = None
    """`layer/index` of the unit that is looked at."""
    values: tuple[tuple[str, float], ...] = ()
    """`layer/index` and what it is held at, in the order in which they were set."""
    every: bool = False
    """Whether units without words are listed too."""

    def chosen(self, network: str) -> UnitId | None:
        """The unit that is looked at; BadSetting for what is no unit."""
        return None if self.unit is None else _unit(network, self.unit)

    def settings(self, network: str) -> dict[UnitId, float]:
        """What each unit that was changed is held at."""
        return {_unit(network, unit): value for unit, value in self.values}

    def edits(self, network: str) -> list[Edit]:
        """The same as edits, one a layer."""
        values = self.settings(network)
        return held(values.keys(), values.values())

    def holding(self, units: Sequence[str], value: float | None) -> Self:
        """The same with some units held at a value, or let go."""
        left = tuple((unit, own) for unit, own in self.values if unit not in units)
        return replace(self, values=left if value is None else left + tuple((unit, value) for unit in units))

    def undone(self) -> Self:
        """The same before the last unit was set."""
        return replace(self, values=self.values[:-1])

    def at(self, base: str, **changes: Any) -> str:
        """The address of this state, some of it changed.

        >>> LiveState(unit="layer4/7", values=(("layer4/7", 0.0),)).at("/live/x", unit=None)
        '/live/x?set=layer4%2F7%3D0'
        """
        return base + (f"?{urlencode(pairs)}" if (pairs := replace(self, **changes).pairs()) else "")

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values as a form sends them."""
        told = [("text", self.text), ("layer", self.layer), ("unit", self.unit)]
        told += [("set", f"{unit}={value:g}") for unit, value in self.values]
        told.append(("every", "true" if self.every else None))
        return [(name, value) for name, value in told if value]


def read_state(
    text: str = "",
    layer: str | None = None,
    unit: str | None = None,
    held_at: Annotated[Sequence[str], Query(alias="set")] = (),
    every: bool = False,
    change: Annotated[Sequence[str], Query()] = (),
    to: str = "",
) -> LiveState:
    """Read an address, with what a form just asked to `change` already in it.

    BadSetting for a value that is no number, and for more units than are reasonably set by hand.
    """
    values: Mapping[str, float] = dict(_setting(one) for one in held_at)
    state = LiveState(text, layer or None, unit or None, tuple(values.items()), every)
    if change:
        state = state.holding(tuple(dict.fromkeys(change)), _number(to) if to.strip() else None)
    if len(state.values) > MOST_SET:
        raise BadSetting(f"at most {MOST_SET} units are set at once, got {len(state.values)}")
    return state


def _setting(text: str) -> tuple[str, float]:
    unit, equals, value = text.rpartition("=")
    if not equals:
        raise BadSetting(f"set={text!r}: a unit and its value are asked for, such as layer4/41=0")
    return unit, _number(value)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise BadSetting(f"a unit is held at a number, got {text!r}")
    return value


def _unit(network: str, text: str) -> UnitId:
    if len(text) > MOST_LETTERS:
        raise BadSetting(f"a unit is written layer/index, got {len(text)} letters")
    return UnitId.parse(f"{network}/{text}")
