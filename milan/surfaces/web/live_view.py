"""What a live page shows: the units that are stirred, the one looked at, and the answer before and after."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from milan.catalog import Catalog, Passage, Unit
from milan.errors import UnknownName
from milan.records import TextSpan, UnitId
from milan.surfaces.web.live_state import LiveState
from milan.uses.live import (
    Answer,
    Live,
    Moved,
    ReadText,
    SeenPicture,
    Stirred,
    Trial,
    moved_units,
    rank_units,
)

__all__ = ["LiveView", "Outcome", "look"]

MOST_LISTED, MOST_OUTCOMES = 48, 8
Tinted = list[tuple[str, int]]
"""Words of a line, each with its tint in steps from -8 to 8."""


class Outcome(NamedTuple):
    """One class or token, with its chance."""

    name: str
    before: float
    after: float


class Looked(NamedTuple):
    """The unit that is looked at."""

    unit: Unit
    activation: float
    """Its peak here."""
    strength: float | None
    strongest: float
    """Peak of its strongest exemplar: where a slider for its value may end."""
    value: float | None
    """What it is held at."""
    lines: list[Tinted]
    """Of a text."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """A live page's content."""

    stirred: list[Stirred]
    """The first of them."""
    n_stirred: int
    looked: Looked | None
    settings: dict[UnitId, float]
    before: Answer
    after: Answer
    outcomes: list[Outcome]
    """Likeliest classes or next tokens, before and after."""
    moved: list[Moved]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "units": [stirred.as_dict() for stirred in self.stirred],
            "n_units": self.n_stirred,
            "set": {str(unit): value for unit, value in self.settings.items()},
            "outcomes": [outcome._asdict() for outcome in self.outcomes],
            "lines": [self.before.lines, self.after.lines],
            "perplexity": [self.before.perplexity, self.after.perplexity],
            "moved": [
                {"unit": str(after.unit), "before": before.strength, "after": after.strength}
                for before, after in self.moved
            ],
        }


def look(
    catalog: Catalog, live: Live, trial: Trial[SeenPicture] | Trial[ReadText], state: LiveState
) -> LiveView:
    """Run what an address asks for; UnknownName and BadSetting for units that there are not."""
    levels = catalog.levels(live.name)
    if state.layer is not None:
        live.network.layer(state.layer)
    stirred = rank_units(levels, trial.original, layer=state.layer, described=not state.every)
    changed = trial.changed(state.edits(live.name))
    settings = state.settings(live.name)
    return LiveView(
        stirred[:MOST_LISTED],
        len(stirred),
        _looked(catalog, live, trial, state),
        settings,
        trial.original.answer,
        changed.answer,
        _outcomes(live, trial.original.answer, changed.answer),
        moved_units(levels, trial.original, changed, list(settings)) if settings else [],
    )


def _looked(
    catalog: Catalog, live: Live, trial: Trial[SeenPicture] | Trial[ReadText], state: LiveState
) -> Looked | None:
    """The unit that the address names, with its words tinted where it was given a text."""
    named = state.chosen(live.name)
    if named is None:
        return None
    unit = catalog.unit(named)
    if named.layer not in live.layers:
        raise UnknownName("layer of the network itself", named.layer, live.layers)
    activations = trial.original.activations[named.layer][named.index]
    listed = rank_units(catalog.levels(live.name), trial.original, layer=named.layer, described=False)
    strength = next((one.strength for one in listed if one.unit == named), None)
    return Looked(
        unit,
        float(trial.original.peaks(named.layer)[named.index]),
        strength,
        unit.exemplars[0].activation if unit.exemplars else 1.0,
        state.settings(live.name).get(named),
        _tinted(trial.given, activations) if isinstance(trial.given, ReadText) else [],
    )


def _tinted(read: ReadText, activations: np.ndarray[Any, np.dtype[np.float32]]) -> list[Tinted]:
    """Words line by line, on one scale for the whole text."""
    tints = TextSpan("", read.words, activations, float("nan")).tints
    steps = iter(Passage("", read.words, tuple(tints.tolist())).steps)
    return [[next(steps) for _ in line] for line in read.lines]


def _outcomes(live: Live, before: Answer, after: Answer) -> list[Outcome]:
    """The likeliest of either, as they were before."""
    then, now = before.chances, after.chances
    if then is None or now is None:
        return []
    likeliest = [np.argsort(-chances, kind="stable")[:MOST_OUTCOMES] for chances in (then, now)]
    outputs = np.unique(likeliest)
    return [
        Outcome(live.output_name(output), float(then[output]), float(now[output]))
        for output in outputs[np.argsort(-then[outputs], kind="stable")].tolist()
    ]
