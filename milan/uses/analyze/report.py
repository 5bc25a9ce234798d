"""What an analysis found, as a record, and the files that it is written to."""

import csv
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from milan.errors import DataError
from milan.records import Figure
from milan.uses.analyze.comparing import Comparison

__all__ = ["Analysis", "AnalyzedUnit", "OrderResult", "write_analysis"]


@dataclass(frozen=True, slots=True)
class AnalyzedUnit:
    """A unit with all that orders are made of."""

    unit: str
    """network/layer/index."""
    phrase: str
    properties: dict[str, float | None]
    """By name; None where nothing is stated."""
    drop: float
    """Accuracy lost without the unit alone, on the images that score."""
    evidence: float
    """Mean log chance of the true class lost without it, in nats."""


@dataclass(frozen=True, slots=True)
class OrderResult:
    """One order: what switching off its first units does."""

    order: str
    says: str
    """Which units it switches off first."""
    n_told_apart: int
    """Units that it places for a reason; those behind stand in random order."""
    layers: dict[str, int]
    """How many of the units at the last point are of which layer."""
    curve: tuple[Figure, ...]
    """Accuracy at each point."""
    control: tuple[Figure, ...]
    """Accuracy of random orders that visit the same layers at the same places."""
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Analysis:
    """What switching off units costs, in which order."""

    network: str
    spec: str
    weights_hash: str
    layers: tuple[str, ...]
    n_units: int
    """Units with words; only these are switched off."""
    n_scored: int
    """Images by which single units were scored."""
    n_drawn: int
    """Other images, by which curves were drawn."""
    n_classes: int
    accuracy: Figure
    """Of the whole network on the images of the curves."""
    counts: tuple[int, ...]
    """Units switched off at each point."""
    set_to: str
    """What units that are off are held at: `zero` or `mean`."""
    seeds: int
    random: tuple[Figure, ...]
    """Accuracy of random orders over all layers, at each point."""
    orders: tuple[OrderResult, ...]
    notes: tuple[str, ...]
    """What should be known before any of this is believed."""
    units: tuple[AnalyzedUnit, ...]
    """All units, most important first."""

    def as_dict(self, *, units: bool = True) -> dict[str, Any]:
        """JSON values; figures as [value, low, high]. Without `units` their list is left out."""
        document = asdict(self)
        document["fractions"] = [round(count / self.n_units, 4) for count in self.counts]
        if not units:
            del document["units"]
        return _plain(document)  # type: ignore[no-any-return]


def write_analysis(analysis: Analysis, folder: Path) -> list[Path]:
    """Write analysis.json, units.csv, curves.svg and curves.png; DataError when the folder cannot be used."""
    from milan.uses.analyze.plot import draw_curves

    files = [folder / name for name in ("analysis.json", "units.csv", "curves.svg", "curves.png")]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(analysis.as_dict(), indent=1, ensure_ascii=False)
        files[0].write_text(text + "\n", encoding="utf-8")
        _write_units(analysis, files[1])
        draw_curves(analysis, files[2:])
    except OSError as problem:
        raise DataError(f"{folder}: the result cannot be written there ({problem.strerror})") from problem
    return files


def _write_units(analysis: Analysis, file: Path) -> None:
    names = list(analysis.units[0].properties)
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["unit", "phrase", *names, "drop", "evidence"])
        for unit in analysis.units:
            values = [*unit.properties.values(), unit.drop, unit.evidence]
            told = ["" if value is None else f"{value:.6g}" for value in values]
            rows.writerow([unit.unit, unit.phrase, *told])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value
