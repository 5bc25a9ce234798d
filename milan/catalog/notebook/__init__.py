"""Units, layers and catalogs as notebooks show them: HTML that needs nothing else, pictures within itself.

What IPython asks for as `_repr_html_`. Everything that a catalog says is escaped; colours are those of the
notebook, light or dark.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from milan.catalog.passage import Passage
from milan.catalog.picture import SAID_OF
from milan.catalog.tile import inline_tiles
from milan.records import UnitStatus

if TYPE_CHECKING:
    from milan.catalog.layers import KeptLayer
    from milan.catalog.store import Catalog
    from milan.catalog.unit import Unit

__all__ = ["catalog_html", "layer_html", "unit_html"]

TILES = 5
_SIZE = 96
_LAYERS = 50
"""Layers of a catalog that are listed; a notebook's page is no place for thousands."""


def unit_html(unit: "Unit") -> str:
    """Its words, how faithful they are, and its strongest regions or passages."""
    return _shown(
        "unit",
        unit=unit,
        why=SAID_OF.get(unit.status),
        tiles=list(inline_tiles(unit.exemplars[:TILES], unit.thumbnails, _SIZE)),
        passages=[Passage.of(exemplar) for exemplar in unit.exemplars[:TILES] if unit.is_of_text],
    )


def layer_html(layer: "KeptLayer") -> str:
    """What made its exemplars, and how it was described."""
    return _shown("layer", layer=layer)


def catalog_html(catalog: "Catalog") -> str:
    """Its layers: how many units, how many of them described, how faithfully."""
    summaries = catalog.summaries()
    return _shown(
        "catalog",
        name=catalog.place.name,
        layers=summaries[:_LAYERS],
        n_more=max(0, len(summaries) - _LAYERS),
        described=UnitStatus.DESCRIBED,
    )


def _shown(template: str, **content: Any) -> str:
    return str(_templates().get_template(f"{template}.html").render(**content))


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("milan.catalog.notebook", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
