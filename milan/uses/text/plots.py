"""Pictures of ablation and control: what is left of quality, and what success costs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from milan.ablation.text import Removed
from milan.errors import BadSetting
from milan.uses.text.control import Controlled, ControlReport

__all__ = ["check_picture", "draw_controlled", "draw_removed"]

_FORMATS = (".svg", ".png")
# Okabe and Ito's palette: told apart without seeing red from green, and dashed differently besides.
_ENDS: dict[str, dict[str, Any]] = {
    "top": {"color": "#0072B2", "linestyle": "-", "marker": "o", "label": "first of the order"},
    "random": {"color": "#666666", "linestyle": ":", "marker": "", "label": "random"},
    "bottom": {"color": "#D55E00", "linestyle": "--", "marker": "s", "label": "last of the order"},
}
_BY_FACTOR = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
_NAMES = {"bleu": "BLEU", "accuracy": "share of tokens right"}


def check_picture(file: Path | None) -> None:
    """BadSetting for a picture that could not be written, before anything is worked out for it."""
    if file is None:
        return
    if file.suffix.lower() not in _FORMATS:
        raise BadSetting(f"a picture ends in {' or '.join(_FORMATS)}, got {file}")
    if not file.absolute().parent.is_dir():
        raise BadSetting(f"{file}: there is no folder {str(file.parent)!r}; make it first")


def draw_removed(removed: Sequence[Removed], file: Path) -> None:
    """Each quality against the number of units taken away, first, last and random ones, with 95 % bands."""
    intact = removed[0]
    with _canvas(file, len(intact.quality)) as panels:
        for axes, name in zip(panels, intact.quality, strict=True):
            for which, style in _ENDS.items():
                points = [intact, *(one for one in removed if one.which == which)]
                counts = [one.n for one in points]
                figures = [one.quality[name] for one in points]
                axes.plot(counts, [one.value for one in figures], markersize=3, linewidth=1.4, **style)
                low, high = [one.low for one in figures], [one.high for one in figures]
                axes.fill_between(counts, low, high, color=style["color"], alpha=0.12, linewidth=0)
            axes.set_title(_NAMES.get(name, name), fontsize=9)
            axes.set_xlabel("taken away")
        panels[0].legend(frameon=False, fontsize=7.5)


def draw_controlled(report: ControlReport, file: Path) -> None:
    """Success against BLEU lost: a line each b on validation text; chosen and random units on test text."""
    factors = sorted({one.b for one in report.tried})
    with _canvas(file, 1) as panels:
        axes = panels[0]
        for place, b in enumerate(factors):
            own = sorted((one for one in report.tried if one.b == b), key=lambda one: one.n_units)
            colour = _BY_FACTOR[place % len(_BY_FACTOR)]
            _outcomes(axes, own, {"color": colour, "linestyle": "-", "marker": "."}, f"b = {b:g}, validation")
        _outcomes(axes, [report.chosen], {"color": "black", "marker": "o", "linestyle": ""}, "chosen, test")
        _outcomes(axes, [report.random], {"color": "#666666", "marker": "x", "linestyle": ""}, "random, test")
        axes.axvline(report.options.most_lost, color="#999999", linewidth=0.8)
        axes.set_xlabel("BLEU lost")
        axes.set_ylabel("nouns whose number changed")
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.legend(frameon=False, fontsize=7.5)


def _outcomes(axes: Any, outcomes: Sequence[Controlled], style: dict[str, Any], label: str) -> None:
    """Points with their intervals both ways, each with its number of units."""
    across, up = [one.bleu_lost for one in outcomes], [one.success for one in outcomes]
    axes.errorbar(
        [one.value for one in across],
        [one.value for one in up],
        xerr=[[one.value - one.low for one in across], [one.high - one.value for one in across]],
        yerr=[[one.value - one.low for one in up], [one.high - one.value for one in up]],
        elinewidth=0.5,
        linewidth=1.2,
        label=label,
        **style,
    )
    for one in outcomes:
        place = (one.bleu_lost.value, one.success.value)
        axes.annotate(str(one.n_units), place, (3, 3), textcoords="offset points", fontsize=6.5)


@contextmanager
def _canvas(file: Path, n_panels: int) -> Iterator[list[Any]]:
    """Panels side by side, written when they are drawn; equal results are equal bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context({"font.size": 9, "svg.hashsalt": "milan", "svg.fonttype": "none"}):
        canvas = Canvas(figsize=(max(3.3 * n_panels, 5), 3.2), layout="constrained")
        panels = list(canvas.subplots(1, n_panels, squeeze=False).flat)
        yield panels
        for axes in panels:
            axes.spines[["top", "right"]].set_visible(False)
            axes.grid(alpha=0.25)
        metadata = {"Date": None} if file.suffix.lower() == ".svg" else {"Software": None}
        canvas.savefig(file, dpi=150, metadata=metadata)
