"""Comparisons of two networks as tables for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from milan.surfaces.cli.console import stdout

if TYPE_CHECKING:
    from rich.table import Table

    from milan.records import Figure
    from milan.uses.compare import Comparison, LoneUnit, UnitPair

__all__ = ["show_comparison"]

_FEWEST_LETTERS = 8
"""Of a layer's name in a line."""
_NAMED = 5
"""Units of a kind that are named; the page and JSON have all."""


def show_comparison(found: "Comparison") -> None:
    """Counts of each layer, then the units that a reader would look at first."""
    stdout.print(f"{found.first} beside {found.second}", style="bold", markup=False)
    stdout.print(_counts(found))
    shown = f"{found.n_images} {'passages' if found.is_of_text else 'images'}"
    words = " words: cosine of matched units' phrases (by chance)." if _has_words(found) else ""
    stdout.print(f"{shown}. matched: of the first network's units. alike: pairs, strangers.{words}\n")
    lost = [unit for layer in found.layers for unit in layer.lost]
    new = [unit for layer in found.layers for unit in layer.new]
    changed = [pair for layer in found.layers for pair in layer.matched if _says_otherwise(pair)]
    _show_alone("lost", lost)
    _show_alone("new", new)
    _show_pairs("moved", found.moved)
    _show_pairs("said otherwise", sorted(changed, key=lambda pair: pair.words or 0))


def _counts(found: "Comparison") -> "Table":
    from rich.table import Table
    from rich.text import Text

    has_words = _has_words(found)
    table = Table(box=None, pad_edge=False)
    for heading in ("layer", "matched (95 %)", "unsure", "lost", "new", "alike", *(["words"] * has_words)):
        left = heading == "layer"
        table.add_column(
            heading,
            justify="left" if left else "right",
            overflow="fold",
            no_wrap=not left,
            min_width=_FEWEST_LETTERS if left else None,
        )
    for layer in found.layers:
        matched = f"{len(layer.matched)} of {layer.n_units[0]}"
        cells: list[object] = [
            layer.name,
            f"{matched} ({100 * layer.kept.low:.0f}-{100 * layer.kept.high:.0f} %)",
            len(layer.unsure),
            len(layer.lost),
            len(layer.new),
            f"{layer.typical:.2f}, {layer.strangers:.2f}",
        ]
        if has_words:
            cells.append(_words(layer.words, layer.words_shuffled))
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def _has_words(found: "Comparison") -> bool:
    return any(layer.words is not None for layer in found.layers)


def _words(said: "Figure | None", shuffled: "Figure | None") -> str:
    if said is None or shuffled is None:
        return "-"
    return f"{said.value:.2f} ({shuffled.value:.2f})"


def _says_otherwise(pair: "UnitPair") -> bool:
    from milan.uses.compare import OTHERWISE

    return pair.words is not None and pair.words < OTHERWISE


def _show_alone(kind: str, units: "Sequence[LoneUnit]") -> None:
    """Units that have words, first."""
    for unit in sorted(units, key=lambda one: one.phrase is None)[:_NAMED]:
        nearest = "" if unit.nearest is None else f"; nearest {unit.nearest}{_quoted(unit.nearest_phrase)}"
        level = "" if unit.likeness is None else f" {unit.likeness:.2f}"
        stdout.print(f"{kind}: {unit.unit}{_quoted(unit.phrase)}{nearest}{level}", markup=False)
    _say_more(kind, len(units))


def _show_pairs(kind: str, pairs: "Sequence[UnitPair]") -> None:
    for pair in pairs[:_NAMED]:
        first, second = map(_quoted, pair.phrases)
        stdout.print(f"{kind}: {pair.first}{first} = {pair.second}{second} {pair.likeness:.2f}", markup=False)
    _say_more(kind, len(pairs))


def _say_more(kind: str, n: int) -> None:
    if n > _NAMED:
        stdout.print(f"{kind}: {n - _NAMED} more", style="dim")


def _quoted(phrase: str | None) -> str:
    return "" if phrase is None else f" “{phrase}”"
