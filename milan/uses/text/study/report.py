"""What a study found, as files: a document for programs, a diagram a pair, a heat map of the suffix."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.uses.text.study.deciding import Studied
from milan.uses.text.study.diagram import draw_diagram
from milan.uses.text.study.heatmap import HeatRow, draw_heatmap
from milan.uses.text.study.internals import INSIDE, Layer
from milan.uses.text.study.sample import Sample

__all__ = ["document", "write_report"]

_UNITS, _PAIRS, _ROWS, _SENTENCES = 10, 5, 3, 3
_DIRECTIONS = ("from_start", "from_end")


def write_report(
    studied: Studied, folder: Path, drawn: Sequence[tuple[str, str]] = (), image: str = "svg"
) -> list[Path]:
    """Write study.json, a diagram for each of some pairs and, of a suffix, what follows it along a text.

    Returns the files. `image` is a format that matplotlib writes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "study.json"]
    text = json.dumps(document(studied), ensure_ascii=False, indent=1)
    files[0].write_text(text + "\n", encoding="utf-8")
    for read, told in drawn:
        files.append(folder / f"{read}-{told}.{image}")
        draw_diagram(studied, studied.pair(read, told), files[-1:])
    if studied.suffixes:
        files.append(folder / f"suffix.{image}")
        _draw_suffix(studied, files[-1])
    return files


def document(studied: Studied) -> dict[str, Any]:
    """Per pair the best units of each layer and direction, per unit its best pairs, and the suffix."""
    figures = {
        layer: _Figures(table.distance, table.expected, table.chance)
        for layer, table in studied.tables.items()
    }
    found: dict[str, Any] = {
        "language": studied.transliteration.rules.language,
        "n_sentences": len(studied.sample.texts),
        "n_characters": studied.sample.n_positions,
        "n_bins": next(iter(studied.tables.values())).n_bins,
        "pairs": [_pair(studied, figures, number) for number in range(len(studied.pairs))],
        "units": {layer: _units(studied, table) for layer, table in figures.items()},
    }
    if studied.suffixes:
        found["suffix"] = {
            layer: {
                "unit": table.best,
                "correlation": table.figure._asdict(),
                "letter_alone": table.by_letter,
                "n_inside": table.n_inside,
            }
            for layer, table in studied.suffixes.items()
        }
    return found


class _Figures(NamedTuple):
    """A table's figures, [pair, unit] each."""

    distance: Float64[np.ndarray, "pair unit"]
    expected: Float64[np.ndarray, "pair unit"]
    chance: Float64[np.ndarray, "pair unit"]

    def cell(self, pair: int, unit: int) -> dict[str, float]:
        return {
            "distance": round(float(self.distance[pair, unit]), 4),
            "by_chance": round(float(self.expected[pair, unit]), 4),
            "chance": round(float(self.chance[pair, unit]), 4),
        }


def _pair(studied: Studied, figures: dict[Layer, _Figures], number: int) -> dict[str, Any]:
    table = next(iter(studied.tables.values()))
    read, told = studied.names[number]
    units: dict[str, Any] = {}
    for layer in studied.tables:
        directions = enumerate(_DIRECTIONS) if layer in INSIDE else [(None, "all")]
        units[layer] = {
            name: [
                {"unit": unit, **figures[layer].cell(number, unit)}
                for unit in studied.units_of(number, layer, direction)[:_UNITS]
            ]
            for direction, name in directions
        }
    return {
        "input": read,
        "output": told,
        "n": int(table.n_is[number]),
        "n_other": int(table.n_other[number]),
        "units": units,
    }


def _units(studied: Studied, figures: _Figures) -> list[dict[str, dict[str, float]]]:
    """By unit, its best pairs."""
    names = [":".join(name) for name in studied.names]
    best = np.argsort(figures.expected - figures.distance, axis=0, kind="stable")[:_PAIRS]
    return [
        {names[pair]: figures.cell(pair, unit) for pair in best[:, unit].tolist()}
        for unit in range(best.shape[1])
    ]


def _draw_suffix(studied: Studied, file: Path) -> None:
    """The units of cells and outputs that follow the suffix best, along sentences that have it."""
    rows: list[HeatRow] = []
    for layer in ("cell", "lstm", "hidden"):
        found = abs(studied.suffixes[layer].found)
        rows += [HeatRow(layer, unit) for unit in (-found).argsort(kind="stable")[:_ROWS].tolist()]
    sample = studied.sample
    marks = sample.within(studied.suffix or "")
    having = [number for number in np.unique(sample.text_of[marks]).tolist() if number % 2]  # held out
    having.sort(key=lambda number: len(sample.texts[number].latin))
    middle = len(having) // 3
    chosen = tuple(sample.texts[number] for number in having[middle : middle + _SENTENCES])
    draw_heatmap(studied.transliteration, Sample(chosen, sample.vocabulary), rows, [file])
