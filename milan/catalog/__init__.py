"""One file that holds what was learnt of every unit, and what can be made of it.

In: networks' provenance, `LayerExemplars` with thumbnails, `Description`s. Out: `Unit`s, search hits,
exports, pictures. Describing again with other settings adds a version; the newest finished one is shown.

    with Catalog.open("units.db") as catalog:
        for hit in catalog.search("dog", limit=5):
            print(hit.unit, hit.snippet)
        draw_unit(catalog.unit(UnitId.parse("resnet18/layer3/41"))).save("unit.png")
        export(catalog, "jsonl", "units.jsonl")

A unit's status is `described`, `inconsistent` (candidates, but none good enough to be said), `dead`,
`never_positive`, `pending` (not described yet) or `failed` (activations that are not numbers).
"""

from milan.catalog.export import Language, export, unit_record
from milan.catalog.layers import DescriptionVersion, KeptLayer
from milan.catalog.picture import draw_unit
from milan.catalog.search import Hit
from milan.catalog.store import Catalog
from milan.catalog.unit import Unit

__all__ = [
    "Catalog",
    "DescriptionVersion",
    "Hit",
    "KeptLayer",
    "Language",
    "Unit",
    "draw_unit",
    "export",
    "unit_record",
]
