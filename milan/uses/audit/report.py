"""The audit as one page that opens from disk: counts, what changed, and the regions that back each count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from milan.catalog import Catalog, Passage, Unit, inline_tiles
from milan.errors import DataError
from milan.uses.audit.asking import LayerAnswers, SureAnswer
from milan.uses.audit.audit import AuditReport
from milan.uses.audit.trust import SURE

__all__ = ["render_report", "write_report"]

PICTURED = 4
"""Units of a layer that are shown with pictures; all others are named."""
PICTURED_IN_ALL = 16
"""Units of a concept that are shown with pictures."""
TILES = 5
_SIZE = 128


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit as the page shows it."""

    found: SureAnswer
    tiles: tuple[str, ...]
    """Addresses that hold their picture within themselves; of a text unit none."""
    passages: tuple[Passage, ...]
    """What a text unit answers most."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One layer's answers to one concept."""

    catalog: str
    place: int
    """Of the catalog among those that are audited: its colour."""
    found: LayerAnswers
    pictured: tuple[_Row, ...]
    others: tuple[SureAnswer, ...]


def write_report(report: AuditReport, path: Path | str) -> None:
    """Write the page: it needs no other file and no internet, and shows the same in every browser.

    DataError when the path cannot be written.
    """
    try:
        Path(path).write_text(render_report(report), "utf-8", newline="\n")
    except OSError as problem:
        raise DataError(f"{path}: cannot be written ({problem.strerror})") from problem


def render_report(report: AuditReport) -> str:
    """The page that `write_report` writes; the catalogs are read once more, for the pictures."""
    environment = Environment(
        loader=PackageLoader("milan.uses.audit", "."), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html").render(
        report=report,
        blocks=_blocks(report),
        knows_chance=all(catalog.knows_chance for catalog in report.catalogs),
        widest=max(catalog.count(c.name) for catalog in report.catalogs for c in report.questions.concepts),
        sure_at=f"{SURE:.0%}".replace("%", " %"),
    )


def _blocks(report: AuditReport) -> Mapping[str, Sequence[_Block]]:
    """What backs each concept, by its name."""
    found: dict[str, list[_Block]] = {concept.name: [] for concept in report.questions.concepts}
    for at, (place, audited) in enumerate(zip(report.places, report.catalogs, strict=True)):
        with Catalog.open(place) as catalog:
            for name, blocks in found.items():
                left = PICTURED_IN_ALL
                for layer in audited.of(name):
                    n_pictured = min(PICTURED, left, layer.n)
                    left -= n_pictured
                    if layer.n:
                        blocks.append(_block(catalog, audited.name, at, layer, n_pictured))
    return found


def _block(catalog: Catalog, name: str, place: int, found: LayerAnswers, n_pictured: int) -> _Block:
    pictured = tuple(_row(answer, catalog.unit(answer.answer.unit)) for answer in found.answers[:n_pictured])
    return _Block(name, place, found, pictured, found.answers[n_pictured:])


def _row(answer: SureAnswer, unit: Unit) -> _Row:
    if unit.is_of_text:
        return _Row(answer, (), tuple(Passage.of(exemplar) for exemplar in unit.exemplars[:TILES]))
    return _Row(answer, tuple(inline_tiles(unit.exemplars[:TILES], unit.thumbnails, _SIZE)), ())
