"""Accuracy against units switched off: a panel an order, three curves each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from milan.records import Figure
from milan.uses.analyze.comparing import Verdict
from milan.uses.analyze.report import Analysis, OrderResult

__all__ = ["draw_curves"]

_COLUMNS = 3
# Okabe and Ito's palette: told apart without seeing red from green, and dashed differently besides.
_ORDER = {"color": "#0072B2", "linestyle": "-", "marker": "o"}
_CONTROL = {"color": "#D55E00", "linestyle": "--", "marker": "s"}
_RANDOM = {"color": "#666666", "linestyle": ":", "marker": ""}
_TOLD = {Verdict.MORE: "matters more", Verdict.LESS: "matters less", Verdict.SAME: "no difference"}


def draw_curves(analysis: Analysis, files: Sequence[Path]) -> None:
    """Draw all orders into files, each in the format of its ending; equal results are equal bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    orders = analysis.orders
    columns = min(_COLUMNS, len(orders))
    rows = -(-len(orders) // columns)
    with mpl.rc_context({"font.size": 9, "svg.hashsalt": "milan", "svg.fonttype": "none"}):
        canvas = Canvas(figsize=(max(3.3 * columns, 5), 2.5 * rows + 0.9), layout="constrained")
        grid = canvas.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place < len(orders):
                _panel(axes, analysis, orders[place])
                axes.tick_params(labelbottom=place + columns >= len(orders))  # the lowest of its column
            else:
                axes.set_visible(False)
        lines, labels = grid.flat[0].get_legend_handles_labels()
        canvas.legend(lines, labels, loc="outside upper center", ncols=3, frameon=False)
        canvas.supxlabel(f"share of the {analysis.n_units} described units switched off")
        canvas.supylabel(f"accuracy ({analysis.n_drawn} images)")
        for file in files:
            metadata = {"Date": None} if file.suffix == ".svg" else {"Software": None}
            canvas.savefig(file, dpi=150, metadata=metadata)


def _panel(axes: Any, analysis: Analysis, result: OrderResult) -> None:
    shares = [count / analysis.n_units for count in analysis.counts]
    _curve(axes, shares, analysis.random, "random units of any layer", _RANDOM, band=False)
    _curve(axes, shares, result.control, "random units of the same layers", _CONTROL)
    _curve(axes, shares, result.curve, "this order", _ORDER)
    if result.n_told_apart < analysis.counts[-1]:
        axes.axvline(result.n_told_apart / analysis.n_units, color="#999999", linewidth=0.8)
    axes.set_title(result.says, fontsize=7.5, loc="left")
    heading = f"{result.order}: {_TOLD[result.comparison.verdict]}"
    axes.annotate(heading, (0, 1), (0, 16), "axes fraction", "offset points", fontsize=9, weight="bold")
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def _curve(
    axes: Any,
    shares: Sequence[float],
    curve: Sequence[Figure],
    label: str,
    style: dict[str, Any],
    *,
    band: bool = True,
) -> None:
    axes.plot(shares, [point.value for point in curve], label=label, markersize=3, linewidth=1.4, **style)
    if band:
        low, high = [point.low for point in curve], [point.high for point in curve]
        axes.fill_between(shares, low, high, color=style["color"], alpha=0.15, linewidth=0)
