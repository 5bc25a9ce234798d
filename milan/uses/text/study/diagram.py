"""The network's units that decide one pair, as rows of circles: what the 2017 study drew."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.uses.text.study.deciding import Studied
from milan.uses.text.study.internals import Layer
from milan.uses.text.study.sample import show_symbol

__all__ = ["draw_diagram"]

_PER_DIRECTION, _N_HIDDEN, _N_OUTPUTS = 10, 12, 6
_ROWS: tuple[tuple[Layer, str], ...] = (
    ("before", "cell before, c'"),
    ("forget_gate", "forget gate f"),
    ("cell_input", "cell input g"),
    ("input_gate", "input gate i"),
    ("cell", "cell c = i·g + f·c'"),
    ("output_gate", "output gate o"),
    ("lstm", "LSTM output o·tanh c"),
)
"""Bottom to top."""
_TOWARDS, _AGAINST = "#E69F00", "#009E73"
_WIDEST = 3.5
_WIDTH = 2 * _PER_DIRECTION + 1


class _Node(NamedTuple):
    x: float
    y: float


def draw_diagram(studied: Studied, pair: int, files: Sequence[Path]) -> None:
    """Draw a pair into files, each in the format of its ending; equal results are equal bytes.

    Shown are the ten units of each direction whose LSTM output tells most of the pair, with all that is
    inside them, the twelve such units of the dense layer, and the outputs that compete. A circle is the
    darker the more its distance exceeds the null's mean. A line is as wide as weight times activation, on
    average where the input has the pair's output; orange adds to what it leads to and green takes away.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    units = [
        unit for side in (0, 1) for unit in sorted(studied.units_of(pair, "lstm", side)[:_PER_DIRECTION])
    ]
    hidden = sorted(studied.units_of(pair, "hidden")[:_N_HIDDEN])
    outputs = _competing(studied, pair)
    colours = mpl.colormaps["RdYlGn_r"]
    with mpl.rc_context({"font.size": 8, "svg.hashsalt": "milan", "svg.fonttype": "none"}):
        canvas = Canvas(figsize=(10.5, 8.4), layout="constrained")
        axes = canvas.subplots()
        axes.set_axis_off()
        columns = [float(n + (n >= _PER_DIRECTION)) for n in range(len(units))]
        grid = {layer: [_Node(x, 2.0 + row) for x in columns] for row, (layer, _) in enumerate(_ROWS)}
        top = 2.0 + len(_ROWS)
        dense = [_Node(x, top + 1.2) for x in np.linspace(0, _WIDTH - 1, len(hidden))]
        letters = [_Node(x, top + 3.0) for x in np.linspace(2, _WIDTH - 3, len(outputs))]
        source = _Node((_WIDTH - 1) / 2, 0.6)
        _draw_edges(axes, studied, pair, (units, hidden, outputs), (grid, dense, letters, source))
        for layer, label in _ROWS:
            excess = studied.tables[layer].excess[pair]
            for node, unit in zip(grid[layer], units, strict=True):
                _circle(axes, node, str(unit), colours(0.5 + excess[unit].clip(0, 1) / 2))
            axes.text(-0.9, grid[layer][0].y, label, ha="right", va="center")
        excess = studied.tables["hidden"].excess[pair]
        for node, unit in zip(dense, hidden, strict=True):
            _circle(axes, node, str(unit), colours(0.5 + excess[unit].clip(0, 1) / 2))
        axes.text(-0.9, dense[0].y, "dense layer", ha="right", va="center")
        excess = studied.tables["outputs"].excess[pair]
        rules, symbols = studied.transliteration.rules, studied.sample.vocabulary.outputs
        for node, output in zip(letters, outputs, strict=True):
            colour = colours(0.5 + excess[output].clip(0, 1) / 2)
            _circle(axes, node, show_symbol(symbols[output], rules), colour, size=12)
        axes.text(-0.9, letters[0].y, "outputs", ha="right", va="center")
        axes.axvline(_PER_DIRECTION, 0.16, 0.72, color="#999999", linewidth=0.8)
        read, told = studied.names[pair]
        _circle(axes, source, read, "#DDDDDD", size=12)
        for x, way in ((4.5, "reads from the start"), (_PER_DIRECTION + 5.5, "reads from the end")):
            axes.text(x, 1.45, way, ha="center", color="#555555")
        table = studied.tables["lstm"]
        axes.set_title(
            f"{read} → {told}: {table.n_is[pair]} characters, against {table.n_other[pair]} where {read} is "
            "something else",
            loc="left",
        )
        axes.set(xlim=(-5, _WIDTH), ylim=(0, top + 3.6))
        scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 1), _dark_half(mpl))
        canvas.colorbar(scale, ax=axes, shrink=0.4, pad=0.01, label="distance beyond shuffled outputs'")
        for file in files:
            metadata = {"Date": None} if file.suffix == ".svg" else None
            canvas.savefig(file, dpi=110, metadata=metadata)


def _competing(studied: Studied, pair: int) -> list[int]:
    """The pair's output, the others of its input most frequent first, and the Latin letter itself."""
    read, told = studied.pairs[pair]
    outputs = studied.sample.outputs[studied.sample.inputs == read]
    counts = np.bincount(outputs, minlength=len(studied.sample.vocabulary.outputs))
    frequent = [output for output in np.argsort(-counts, kind="stable").tolist() if counts[output]]
    others = [output for output in frequent if output not in (told, read)]
    return [told, *others[: _N_OUTPUTS - 2], read]


def _draw_edges(
    axes: Any,
    studied: Studied,
    pair: int,
    shown: tuple[list[int], list[int], list[int]],
    places: tuple[dict[Layer, list[_Node]], list[_Node], list[_Node], _Node],
) -> None:
    units, hidden, outputs = shown
    grid, dense, letters, source = places
    weights = {name: value.numpy().astype(np.float64) for name, value in _weights(studied).items()}
    read = studied.pairs[pair].input
    lstm, mean_hidden = studied.means["lstm"][pair], studied.means["hidden"][pair]
    n_hidden = len(mean_hidden)
    _lines(axes, grid["lstm"], dense, (weights["hidden.0.weight"][hidden] * lstm)[:, units].T)
    to_letters = weights["outputs.weight"][outputs]
    _lines(axes, dense, letters, (to_letters[:, :n_hidden] * mean_hidden)[:, hidden].T)
    _lines(axes, [source], letters, to_letters[:, n_hidden + read][None], alpha=0.3)
    half = len(lstm) // 2
    gates: tuple[Layer, ...] = ("input_gate", "forget_gate", "cell_input", "output_gate")  # PyTorch's order
    for place, layer in enumerate(gates):
        by_unit = np.array(
            [
                weights["lstm.weight_ih_l0" + "_reverse" * (u // half)][place * half + u % half, read]
                for u in units
            ]
        )
        _lines(axes, [source], grid[layer], by_unit[None], alpha=0.12)
    for lower, upper in pairwise(_ROWS):
        for first, second in zip(grid[lower[0]], grid[upper[0]], strict=True):
            axes.plot(*zip(first, second, strict=True), color="#BBBBBB", linewidth=0.7, zorder=0)


def _weights(studied: Studied) -> dict[str, Any]:
    return studied.transliteration.network.state_dict()


def _lines(
    axes: Any,
    below: Sequence[_Node],
    above: Sequence[_Node],
    carried: Float64[np.ndarray, "below above"],
    alpha: float = 0.6,
) -> None:
    from matplotlib.collections import LineCollection

    widths = _WIDEST * np.abs(carried) / max(float(np.abs(carried).max()), 1e-12)
    ends = [(first, second) for first in below for second in above]
    colours = [_TOWARDS if value > 0 else _AGAINST for value in carried.ravel()]
    axes.add_collection(
        LineCollection(ends, linewidths=widths.ravel(), colors=colours, alpha=alpha, zorder=1)
    )


def _circle(axes: Any, node: _Node, text: str, colour: Any, size: float = 7) -> None:
    axes.plot(
        *node, "o", color=colour, markersize=20, markeredgecolor="#444444", markeredgewidth=0.5, zorder=2
    )
    dark = colour != "#DDDDDD" and sum(colour[:3]) < 1.5
    axes.text(*node, text, ha="center", va="center", fontsize=size, color="w" if dark else "k", zorder=3)


def _dark_half(mpl: Any) -> Any:
    """Pale yellow to dark red."""
    return mpl.colors.ListedColormap(mpl.colormaps["RdYlGn_r"](np.linspace(0.5, 1, 128)))
