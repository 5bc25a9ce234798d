"""What the text commands found, as tables for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from milan.surfaces.cli.console import stdout

if TYPE_CHECKING:
    from rich.table import Table

    from milan.ablation.text import Removed
    from milan.records import Figure
    from milan.uses.text import Compared, Decided, Probed
    from milan.uses.text.control import ControlReport
    from milan.uses.text.study import Studied

__all__ = ["show_compared", "show_controlled", "show_decided", "show_probed", "show_removed", "show_studied"]


def show_probed(probed: "Probed") -> None:
    """Accuracy beside its baselines, what the ranking keeps, and the units of each tag."""
    penalty = probed.probe.penalty
    train, dev, test = probed.n_words
    stdout.print(
        f"{len(probed.units)} units, {len(probed.classes.names)} tags; {train} words to learn from, {dev} to "
        f"choose with, {test} to measure on; l1 {penalty.l1:g}, l2 {penalty.l2:g}\n"
        f"accuracy {_points(probed.accuracy)}; most frequent tag of the word {_points(probed.majority)} "
        f"(probe less that: {_points(probed.over_majority)}); selectivity {_points(probed.selectivity)}\n",
        markup=False,
    )
    table = _table("kept", "units", "masked", "over random", "trained anew")
    for kept in probed.kept:
        again = "" if kept.retrained is None else _points(kept.retrained)
        over = "" if kept.which == "random" else _points(kept.over_random)
        table.add_row(kept.which, str(kept.n_units), _points(kept.masked), over, again)
    stdout.print(table, markup=False)
    table = _table("tag", "25 % of weight", "first units")
    at_quarter = probed.n_at_quarter()
    for number, name in enumerate(probed.classes.names):
        best = (
            " ".join(map(str, probed.best_of_class(number, 5))) if probed.with_signal[number] else "no signal"
        )
        table.add_row(name, f"{at_quarter[number]} units", best)
    stdout.print("")
    stdout.print(table, markup=False)
    rates = probed.false_discovery
    if rates is not None:
        n_found = int((np.array(rates) <= 0.05).sum())
        stdout.print(f"\n{n_found} units at a false discovery rate of 5 %")


def show_decided(decided: "Decided", top: int) -> None:
    """The best units of each pair with distance, null and both counts."""
    table_of = decided.table
    table = _table("input", "output", "n", "n other", "units: distance (by chance; p)")
    expected, chance = table_of.expected, table_of.chance
    for number, (read, told) in enumerate(decided.symbols):
        best = "  ".join(
            f"{decided.units[unit]}: {table_of.distance[number, unit]:.3f} ({expected[number, unit]:.3f}; "
            f"{chance[number, unit]:.2f})"
            for unit in table_of.units_of(number)[:top].tolist()
        )
        table.add_row(read, told, str(table_of.n_is[number]), str(table_of.n_other[number]), best)
    stdout.print(table, markup=False)


def show_compared(compared: "Compared", top: int) -> None:
    """Units that others share most, with their closest partners."""
    stdout.print(f"{compared.network} against others, {compared.n_words} words", markup=False)
    for name, shared in compared.directions.items():
        stdout.print(
            f"  {name}: {len(shared.correlation)} shared directions, mean correlation {shared.mean:.3f}",
            markup=False,
        )
    size = np.abs(compared.matches.correlation)
    table = _table("unit", "MaxCorr", "MinCorr", "LinReg", "closest", "by position", "by token")
    for unit in np.argsort(-size.max(0), kind="stable")[:top].tolist():
        other = int(size[:, unit].argmax())
        name = compared.matches.networks[other]
        partner = compared.units[name][int(compared.matches.partner[other, unit])]
        table.add_row(
            str(compared.units[compared.network][unit]),
            f"{size[:, unit].max():.3f}",
            f"{size[:, unit].min():.3f}",
            f"{compared.fit[:, unit].max():.3f}",
            f"{name} {partner} (r {compared.matches.correlation[other, unit]:+.3f})",
            f"{compared.by_position.adjusted[unit]:.2f}",
            f"{compared.by_token.adjusted[unit]:.2f}",
        )
    stdout.print(table, markup=False)


def show_studied(studied: "Studied", top: int) -> None:
    """The best LSTM units of each pair and direction, and what follows the suffix."""
    figures = studied.tables["lstm"]
    expected = figures.expected
    table = _table(
        "input", "output", "n", "n other", "reads from the start: distance (by chance)", "from the end"
    )
    for number, (read, told) in enumerate(studied.names):
        best = [
            "  ".join(
                f"{unit}: {figures.distance[number, unit]:.3f} ({expected[number, unit]:.3f})"
                for unit in studied.units_of(number, "lstm", direction)[:top]
            )
            for direction in (0, 1)
        ]
        table.add_row(read, told, str(figures.n_is[number]), str(figures.n_other[number]), *best)
    stdout.print(table, markup=False)
    for layer, found in studied.suffixes.items():
        r = found.figure
        stdout.print(
            f"suffix, {layer}/{found.best}: correlation {r.value:+.3f} [{r.low:+.3f}, {r.high:+.3f}] on "
            f"held-out sentences; the letter alone {found.by_letter:.3f}; {found.n_inside} characters inside",
            markup=False,
        )


def show_controlled(report: "ControlReport") -> None:
    """Success beside quality, for each setting tried, the chosen one and random units."""
    from milan.uses.text.number import Number

    nouns = ", ".join(f"{n} {number}" for number, n in report.n_nouns.items())
    stdout.print(
        f"{report.options.layer}, units by {report.options.ranker}; nouns of the test text: {nouns}; the "
        f"rules agree on {_points(report.agreement)} of the references' nouns; BLEU without control "
        f"{_bleu(report.bleu)}\n",
        markup=False,
    )
    measured = ("changed", "with determiner", "to plural", "to singular", "lost", "spilled", "BLEU lost")
    table = _table("text", "units", "b", *measured)
    rows = [("validation", one) for one in report.tried]
    for name, one in [*rows, ("test", report.chosen), ("test, random", report.random)]:
        to = [_points(one.to[number]) for number in (Number.PLURAL, Number.SINGULAR)]
        table.add_row(
            *(name, str(one.n_units), f"{one.b:g}", _points(one.success), _points(one.agreeing), *to),
            *(_points(one.lost), _points(one.spilled), _bleu(one.bleu_lost)),
        )
    stdout.print(table, markup=False)


def show_removed(removed: "Sequence[Removed]") -> None:
    """Each quality that is left, and how much of the first one is lost, for each set that was taken away."""
    names = list(removed[0].quality)
    title = {"bleu": "BLEU", "accuracy": "right tokens"}
    table = _table(
        "gone", "which", *(title.get(name, name) for name in names), f"{title.get(names[0], names[0])} lost"
    )
    told = {"bleu": _bleu, "perplexity": _two_digits}
    for one in removed:
        figures = [told.get(name, _points)(one.quality[name]) for name in names]
        table.add_row(str(one.n), one.which, *figures, told.get(names[0], _points)(one.lost[names[0]]))
    stdout.print(table, markup=False)


def _table(*headings: str) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading in ("unit", "kept", "tag"))
    return table


def _points(figure: "Figure") -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _bleu(figure: "Figure") -> str:
    return f"{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]"


def _two_digits(figure: "Figure") -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"
