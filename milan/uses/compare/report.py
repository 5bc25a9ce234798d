"""The comparison as one page that opens from disk: counts, and units of both networks side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from milan.catalog import Passage, inline_tiles
from milan.errors import DataError
from milan.records import UnitId
from milan.uses.compare.comparison import Comparison, LayerComparison
from milan.uses.compare.pairs import OTHERWISE, SURE, UNSURE, LoneUnit, UnitPair
from milan.uses.compare.subject import Subject

__all__ = ["write_comparison"]

PICTURED = 6
"""Units of a kind and layer that are shown with pictures; all others are named."""
TILES = 5
_SIZE = 96


@dataclass(frozen=True, slots=True)
class _Shown:
    """A unit as the page shows it."""

    id: UnitId
    phrase: str | None
    is_said: bool
    faithfulness: float | None
    tiles: tuple[str, ...]
    """Addresses that hold their picture within themselves; of a text unit none."""
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """Two units side by side; one alone has the nearest beside it, if any."""

    found: UnitPair | LoneUnit
    left: _Shown | None
    right: _Shown | None


@dataclass(frozen=True, slots=True)
class _Block:
    """Units of one kind."""

    name: str
    explained: str
    rows: tuple[_Row, ...]
    others: tuple[UnitPair | LoneUnit, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """One layer, or what moved between layers."""

    title: str
    layer: LayerComparison | None
    blocks: tuple[_Block, ...]


def write_comparison(found: Comparison, first: Subject, second: Subject, path: Path | str) -> None:
    """Write the page: it needs no other file and no internet, and shows the same in every browser.

    `first` and `second` are what was compared; their catalogs are read once more, for the pictures. DataError
    when the path cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("milan.uses.compare", "."), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("report.html").render(
        found=found, sections=list(_sections(found, first, second)), sure_at=SURE, unsure_at=UNSURE
    )
    try:
        Path(path).write_text(page, "utf-8", newline="\n")
    except OSError as problem:
        raise DataError(f"{path}: cannot be written ({problem.strerror})") from problem


def _sections(found: Comparison, first: Subject, second: Subject) -> Iterator[_Section]:
    drawing = _Drawing(first, second)
    for layer in found.layers:
        otherwise = sorted(
            (pair for pair in layer.matched if pair.words is not None and pair.words < OTHERWISE),
            key=lambda pair: pair.words or 0.0,
        )
        alike = [pair for pair in layer.matched if pair not in otherwise]
        blocks = (
            drawing.block("Lost", "nothing in the second network is surely like them", layer.lost, 0),
            drawing.block("New", "nothing in the first network is surely like them", layer.new, 1),
            drawing.block("Matched, said otherwise", "the same unit with other words", otherwise, 0),
            drawing.block("Matched", "most alike first", alike, 0),
            drawing.block("Unsure", "neither surely the same nor surely not", layer.unsure, 0),
        )
        yield _Section(layer.name, layer, tuple(block for block in blocks if block.rows))
    if found.moved:
        why = "no match in their own layer, but in another"
        yield _Section("Moved between layers", None, (drawing.block("Moved", why, found.moved, 0),))


class _Drawing:
    """Draws units of both networks."""

    def __init__(self, first: Subject, second: Subject) -> None:
        self._catalogs = (first.catalog, second.catalog)

    def block(self, name: str, explained: str, found: Sequence[UnitPair | LoneUnit], side: int) -> _Block:
        """Units of one kind, those with words first where they stand alone."""
        if found and isinstance(found[0], LoneUnit):
            found = sorted(found, key=lambda one: isinstance(one, LoneUnit) and one.phrase is None)
        rows = tuple(self._row(one, side) for one in found[:PICTURED])
        return _Block(name, explained, rows, tuple(found[PICTURED:]))

    def _row(self, found: UnitPair | LoneUnit, side: int) -> _Row:
        if isinstance(found, UnitPair):
            return _Row(found, self._shown(0, found.first), self._shown(1, found.second))
        own = self._shown(side, found.unit)
        nearest = None if found.nearest is None else self._shown(1 - side, found.nearest)
        return _Row(found, *((own, nearest) if side == 0 else (nearest, own)))

    def _shown(self, side: int, address: UnitId) -> _Shown:
        unit = self._catalogs[side].unit(address)
        return _Shown(
            id=address,
            phrase=unit.candidates[0].phrase if unit.candidates else None,
            is_said=unit.phrase is not None,
            faithfulness=unit.faithfulness.mean.value if unit.faithfulness else None,
            tiles=tuple(inline_tiles(unit.exemplars[:TILES], unit.thumbnails, _SIZE)),
            passages=tuple(Passage.of(one) for one in unit.exemplars[:TILES] if unit.is_of_text),
        )
