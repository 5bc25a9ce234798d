"""Two catalogs side by side: what appeared and what vanished, with exact tests and intervals.

Layers are compared where both catalogs have one of that name, whatever their networks are called. Each row is
one test; chances are corrected for all rows by Holm's rule, which holds the chance of any false finding: a
row is read, and acted on, by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from milan.records import UnitId
from milan.statistics.shares import Share, difference, fisher, holm, share
from milan.uses.audit.asking import AuditedCatalog, LayerAnswers

__all__ = ["Change", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """How a count differs between two catalogs."""

    concept: str
    layer: str | None
    """None: all layers that both have."""
    first: tuple[int, int]
    """Units that answer, and units that have words."""
    second: tuple[int, int]
    difference: Share
    """Of the shares, second less first, with its 95 % interval, which is not corrected."""
    chance: float
    """Fisher's exact test, both sides."""
    corrected: float
    """The same for all rows together (Holm)."""
    appeared: tuple[str, ...] = ()
    """Units that answer in the second catalog and not in the first, by their place: layer/index."""
    vanished: tuple[str, ...] = ()
    same_layers: bool = True
    """Whether layers of one name stand behind both counts; counts of two architectures differ for many
    reasons.
    """

    @property
    def verdict(self) -> str:
        """`appeared` or `vanished` where the counts of the same layers surely differ, else `-`."""
        if self.corrected > 0.05 or not self.same_layers:
            return "-"
        return "appeared" if self.difference.value > 0 else "vanished"

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        return {
            "concept": self.concept,
            "layer": self.layer,
            "first": list(self.first),
            "second": list(self.second),
            "difference": list(self.difference),
            "p": self.chance,
            "p_corrected": self.corrected,
            "verdict": self.verdict,
            "appeared": list(self.appeared),
            "vanished": list(self.vanished),
        }


def compare(first: AuditedCatalog, second: AuditedCatalog) -> tuple[Change, ...]:
    """What changed from the first catalog to the second: over all layers, then in each that both have.

    Catalogs that share no layer (two architectures) are compared over all of their layers, without a verdict.
    """
    theirs = {layer.name for layer in second.layers}
    shared = list(dict.fromkeys(layer.name for layer in first.layers if layer.name in theirs))
    rows: list[str | None] = [None, *shared] if len(shared) != 1 else [*shared]
    changes = []
    for concept in dict.fromkeys(found.concept for found in first.found):
        for row in rows:
            within = shared if row is None else [row]
            sides = (
                [found for found in catalog.of(concept) if found.layer.name in within or not shared]
                for catalog in (first, second)
            )
            changes.append(_change(concept, row, *sides, by_place=row is not None))
    corrected = holm([change.chance for change in changes])
    return tuple(
        replace(change, corrected=float(chance), same_layers=bool(shared))
        for change, chance in zip(changes, corrected, strict=True)
    )


def _change(
    concept: str,
    layer: str | None,
    first: Sequence[LayerAnswers],
    second: Sequence[LayerAnswers],
    *,
    by_place: bool,
) -> Change:
    before, after = _counts(first), _counts(second)
    chance = fisher(*before, *after)
    own, new = (_places(side) if by_place else set[UnitId]() for side in (first, second))
    return Change(
        concept=concept,
        layer=layer,
        first=before,
        second=after,
        difference=difference(share(*before), share(*after)),
        chance=chance,
        corrected=chance,
        appeared=_listed(new - own),
        vanished=_listed(own - new),
    )


def _counts(found: Iterable[LayerAnswers]) -> tuple[int, int]:
    together = list(found)
    return sum(one.n for one in together), sum(one.layer.n_units for one in together)


def _places(found: Iterable[LayerAnswers]) -> set[UnitId]:
    """Where units answer; what their networks are called makes no difference."""
    units = (answer.answer.unit for one in found for answer in one.answers)
    return {UnitId("-", unit.layer, unit.index) for unit in units}


def _listed(units: set[UnitId]) -> tuple[str, ...]:
    return tuple(f"{unit.layer}/{unit.index}" for unit in sorted(units))
