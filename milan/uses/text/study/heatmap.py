"""What units do along a text, character by character."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.transliteration import PLACEHOLDER, Transliteration
from milan.uses.text.study.internals import Layer, read_layers
from milan.uses.text.study.sample import Sample

__all__ = ["HeatRow", "draw_heatmap"]

_PER_LINE = 70


class HeatRow(NamedTuple):
    """One unit."""

    layer: Layer
    unit: int


def draw_heatmap(
    transliteration: Transliteration, sample: Sample, rows: Sequence[HeatRow], files: Sequence[Path]
) -> None:
    """Draw a row of cells a unit, white where it is lowest in these texts and red where it is highest.

    Above them stand the letters that the network should tell, and what it reads. Long texts are cut into
    lines of 70 characters. Equal arguments give equal bytes.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    values = _scaled(transliteration, sample, rows)
    latin = "".join(text.latin for text in sample.texts)
    letters = "".join(text.letters for text in sample.texts)
    parts = [
        range(at, min(at + _PER_LINE, start + len(text.latin)))
        for start, text in zip(sample.starts.tolist(), sample.texts, strict=True)
        for at in range(start, start + len(text.latin), _PER_LINE)
    ]
    with mpl.rc_context({"font.size": 8, "svg.hashsalt": "milan", "svg.fonttype": "none"}):
        height = 0.22 * (len(rows) + 3)
        canvas = Canvas(figsize=(11.5, height * len(parts) + 0.2))
        grid = canvas.subplots(len(parts), squeeze=False)
        canvas.subplots_adjust(left=0.13, right=0.995, top=0.995, bottom=0.005, hspace=0.05)
        for axes, part in zip(grid[:, 0], parts, strict=True):
            axes.set(xlim=(0, _PER_LINE), ylim=(len(rows) + 0.2, -2.3))
            axes.set_axis_off()
            shown = values[:, part.start : part.stop]
            axes.pcolormesh(shown, cmap="Reds", vmin=0, vmax=1, edgecolors="w", linewidth=0.3)
            for place, at in enumerate(part):
                told = letters[at].replace(PLACEHOLDER, "_")
                written = transliteration.rules.split(told)
                axes.text(place + 0.5, -1.4, written, ha="center", size=8 if len(written) == 1 else 6)
                axes.text(place + 0.5, -0.4, latin[at], ha="center", color="#777777")
            for number, (layer, unit) in enumerate(rows):
                axes.text(-0.5, number + 0.5, f"{layer} {unit}", ha="right", va="center", size=7)
        for file in files:
            canvas.savefig(file, dpi=110, metadata={"Date": None} if file.suffix == ".svg" else None)


def _scaled(
    transliteration: Transliteration, sample: Sample, rows: Sequence[HeatRow]
) -> Float64[np.ndarray, "row position"]:
    read = read_layers(transliteration, sample, {row.layer for row in rows})
    values = np.stack([read[layer][:, unit].astype(np.float64) for layer, unit in rows])
    low, high = values.min(1, keepdims=True), values.max(1, keepdims=True)
    scaled: Float64[np.ndarray, "row position"] = (values - low) / np.maximum(high - low, 1e-12)
    return scaled
