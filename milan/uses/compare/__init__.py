"""Compare two networks, or two states of one: units that both have, that one lost, that one has anew.

In: two networks of catalogs that were described with the same images (or the same text). Out: a `Comparison`,
which a terminal, JSON and a page show alike.

    with Catalog.open("before.db") as before, Catalog.open("after.db") as after:
        comparison = compare_networks(Subject.of(before, None), Subject.of(after, None))
    for lost in comparison.layers[0].lost:
        print(lost.unit, lost.phrase)
"""

from milan.uses.compare.compare import compare_networks
from milan.uses.compare.comparison import Comparison, LayerComparison
from milan.uses.compare.pairs import OTHERWISE, SURE, UNSURE, LoneUnit, UnitPair
from milan.uses.compare.report import write_comparison
from milan.uses.compare.subject import Address, Subject

__all__ = [
    "OTHERWISE",
    "SURE",
    "UNSURE",
    "Address",
    "Comparison",
    "LayerComparison",
    "LoneUnit",
    "Subject",
    "UnitPair",
    "compare_networks",
    "write_comparison",
]
