"""What an edit will do, once all that it would refuse is ruled out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milan.ablation import SetTo
from milan.catalog import Catalog
from milan.networks import Network
from milan.uses.edit.candidates import Candidates
from milan.uses.edit.data import EditData
from milan.uses.edit.options import MOST_UNITS, EditOptions
from milan.uses.edit.preparing import prepare

__all__ = ["EditPlan", "plan_edit"]


@dataclass(frozen=True, slots=True, eq=False)
class EditPlan:
    """What an edit will do."""

    network: str
    layers: tuple[str, ...]
    """Whose units may go, and among which controls draw."""
    n_units: int
    """Of these layers."""
    candidates: Candidates
    sets: Mapping[str, tuple[int, int]]
    """Images and classes of each set, those that decide first."""
    n_shown: int
    """Validation images that drive the candidates most, and so are taken to show the concept."""
    options: EditOptions
    notes: tuple[str, ...]

    @property
    def most(self) -> int:
        """How many units go at most."""
        return min(self.options.max_units or MOST_UNITS, len(self.candidates.answers))

    def as_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "network": self.network,
            "layers": list(self.layers),
            "n_units": self.n_units,
            "candidates": [
                {
                    "unit": str(answer.unit),
                    "description": answer.phrase,
                    "found_by": answer.how,
                    "score": answer.score,
                    "faithfulness": answer.faithfulness,
                }
                for answer in self.candidates.answers
            ],
            "sets": {name: {"images": n, "classes": of} for name, (n, of) in self.sets.items()},
            "n_shown": self.n_shown,
            "most": self.most,
            "options": self.options.as_dict(),
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """For people."""
        n_validation, n_clean = (self.sets[kind][0] for kind in ("validation", "clean"))
        tests = [name for name in self.sets if name not in ("validation", "clean")]
        held = "at zero" if self.options.set_to is SetTo.ZERO else "at their mean over the images without it"
        return [
            f"candidates: {len(self.candidates.answers)} of {self.n_units} units of "
            f"{', '.join(self.layers)} of {self.network}",
            f"order: {self.n_shown} of {n_validation} validation images drive the candidates (rule "
            f"{self.options.rule}: {self.options.rule.says(self.n_shown)})",
            f"number: at most {self.most}, held {held}, losing at most {self.options.loss:.1%} of {n_clean} "
            "clean images",
            f"tests, beside {self.options.seeds} random orders a control:",
            *(f"  {name}: {self.sets[name][0]} images of {self.sets[name][1]} classes" for name in tests),
        ]


def plan_edit(
    network: Network,
    catalog: Catalog,
    data: EditData,
    options: EditOptions,
    output: Path | None = None,
    *,
    workers: int = 2,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> EditPlan:
    """What an edit will do; refuses all that `edit_network` would refuse, scores no unit, writes nothing.

    The validation images are run once, to see which of them the candidates respond to.
    """
    prepared = prepare(network, catalog, data, options, output, workers=workers, progress=progress)
    return EditPlan(
        network=prepared.name,
        layers=prepared.layers,
        n_units=len(prepared.candidates.pool),
        candidates=prepared.candidates,
        sets={name: (len(one), len(one.classes)) for name, one in prepared.labelled.items()},
        n_shown=int(prepared.shown.sum()),
        options=options,
        notes=prepared.notes,
    )
