"""One file that holds what was learnt of every unit, and what can be made of it.

In: networks' provenance, `LayerExemplars` with thumbnails, `Description`s. Out: `Unit`s, search hits,
exports, pictures. Describing again with other settings adds a version; the newest finished one is shown.

    with Catalog.open("units.db") as catalog:
        for hit in catalog.search("dog", limit=5):
            print(hit.unit, hit.snippet)
        draw_unit(catalog.unit(UnitId.parse("resnet18/layer3/41"))).save("unit.png")
        export(catalog, "jsonl", "units.jsonl")

A unit's status is `described`, `inconsistent` (candidates, but none good enough to be said), `dead`,
`never_positive`, `pending` (not described yet), `preview` (described from some of a run's images) or `failed`
(activations that are not numbers).
"""

from milan.catalog.concepts import Answer, answering, with_vectors
from milan.catalog.export import export
from milan.catalog.health import Trouble, TroubleKind
from milan.catalog.layers import DescriptionVersion, KeptLayer
from milan.catalog.levels import UnitLevels
from milan.catalog.passage import Passage
from milan.catalog.picture import draw_unit
from milan.catalog.record import Language, unit_record
from milan.catalog.search import Hit
from milan.catalog.store import Catalog
from milan.catalog.tile import draw_tile, inline_tiles
from milan.catalog.unit import Unit
from milan.catalog.words import SaidLayer, SaidUnits

__all__ = [
    "Answer",
    "Catalog",
    "DescriptionVersion",
    "Hit",
    "KeptLayer",
    "Language",
    "Passage",
    "SaidLayer",
    "SaidUnits",
    "Trouble",
    "TroubleKind",
    "Unit",
    "UnitLevels",
    "answering",
    "draw_tile",
    "draw_unit",
    "export",
    "inline_tiles",
    "unit_record",
    "with_vectors",
]
