"""What differs between a unit as it was and as it is made again, and between what made them."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from milan.catalog import Unit, unit_record

__all__ = ["Rebuilt", "differences_of", "differences_of_makers"]

_ROUNDING = 1e-3
"""Numbers that differ by this share of themselves or less are the same: other processors round otherwise."""


_FIGURES = ("faithfulness", "explanation_faithfulness", "downward_faithfulness", "auprc", "f1")
"""What figures of trust begin with."""
_FIGURE = 5e-3
"""Figures of trust this near are the same: presence of words is kept in half precision, and its last digits
depend on which units are described together.
"""
_NOT_MADE = frozenset(
    {"unit", "network", "layer", "index", "language", "free_text", "downward_free_text", "findings"}
)
"""What a record says that `milan describe` of images does not make."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A unit, made again."""

    unit: str
    was: str
    """What it was said to respond to, or its status."""
    now: str
    differences: tuple[str, ...]
    """Of the result, a line each; neither a thousandth of a number nor .005 of a figure of trust counts."""
    makers: tuple[str, ...]
    """What made it otherwise: weights, preprocessing, images, options, who speaks, versions."""

    @property
    def is_same(self) -> bool:
        """Whether the result is what it was, whatever made it."""
        return not self.differences

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for `--json`."""
        return {
            "unit": self.unit,
            "same": self.is_same,
            "was": self.was,
            "now": self.now,
            "differences": list(self.differences),
            "makers": list(self.makers),
        }

    def lines(self) -> list[str]:
        """For a reader."""
        said = [f"{self.unit}: {'same' if self.is_same else 'different'}", f"  was: {self.was}"]
        if not self.is_same:
            said.append(f"  now: {self.now}")
        said += [f"  {line}" for line in self.differences]
        made = [f"    {line}" for line in self.makers] or ["    nothing"]
        return [*said, "  what made it differs in:", *made]


def differences_of(was: Unit, now: Unit) -> Iterator[str]:
    """Lines that say how the records of two units differ, beyond rounding; nothing where they do not."""
    old, new = unit_record(was), unit_record(now)
    for name in old:
        within = _FIGURE if name.startswith(_FIGURES) else 0.0
        if name not in _NOT_MADE and not _alike(old[name], new[name], within):
            yield f"{name}: {_told(name, old[name], new[name])}"


def differences_of_makers(was: Mapping[str, Any], now: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Lines that say which of two makers' settings differ, nested ones by their path."""
    for name in sorted({*was, *now}):
        old, new, path = was.get(name), now.get(name), f"{within}{name}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences_of_makers(old, new, f"{path}.")
        elif old != new:
            yield f"{path}: {_short(old)} -> {_short(new)}"


def _alike(old: Any, new: Any, within: float = 0.0) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=_ROUNDING, abs_tol=max(within, 1e-9))
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_alike, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_alike(old[name], new[name]) for name in old)
    return bool(old == new)


def _told(name: str, old: Any, new: Any) -> str:
    if name in ("exemplars", "downward"):
        images = {own["image"] for own in old}, {own["image"] for own in new}
        shared = len(images[0] & images[1])
        if shared == len(old) == len(new):
            return "the same images, ranked or activated otherwise"
        return f"{shared} of {len(old)} images are still among the {len(new)}"
    if name == "candidates":
        phrases = [own["phrase"] for own in old], [own["phrase"] for own in new]
        if phrases[0] == phrases[1]:
            return "the same phrases with other scores"
        return f"{len(set(phrases[0]) & set(phrases[1]))} of {len(old)} are still among the {len(new)}"
    if isinstance(old, list):
        return "differs"
    return f"{_short(old)} -> {_short(new)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."
