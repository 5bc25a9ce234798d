"""The units of a catalog that have words, and which layers are meant."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from milan.catalog import Catalog
from milan.errors import CatalogError, UnknownName
from milan.records import UnitId
from milan.uses.matching import layers_of_network

__all__ = ["Described", "chosen_layers", "read_described"]


class Described(NamedTuple):
    """A unit of which something is said."""

    unit: UnitId
    phrase: str
    faithfulness: float
    """Correlation of the phrase with the mean activation on held-out images; not-a-number where none is
    stated.
    """


def chosen_layers(catalog: Catalog, name: str, asked: Sequence[str]) -> list[str]:
    """Layers of a network that the catalog holds and that were asked for by name or pattern, in order.

    Directions (`layer@name`) are no units that can be switched off, and are left out. UnknownName for a name
    or pattern that fits none.
    """
    held = [layer.name for layer in layers_of_network(catalog, name) if "@" not in layer.name]
    for pattern in asked:
        if not any(fnmatchcase(layer, pattern) for layer in held):
            raise UnknownName(
                "layer", pattern, held, f"{catalog.place} describes {', '.join(held) or 'none'}."
            )
    return [layer for layer in held if not asked or any(fnmatchcase(layer, pattern) for pattern in asked)]


def read_described(catalog: Catalog, name: str, layers: Sequence[str]) -> list[Described]:
    """Units of these layers of which something is said, by layer and index; CatalogError for none."""
    found = [one for layer in layers for one in _of_layer(catalog, name, layer)]
    if not found:
        raise CatalogError(
            f"{catalog.place}: no unit of {', '.join(layers)} has words; run milan describe without "
            f"--exemplars-only first"
        )
    return found


def _of_layer(catalog: Catalog, name: str, layer: str) -> list[Described]:
    said = catalog.said(name, layer)
    return [
        Described(said.unit(row), said.phrases[int(said.phrase[row])], float(said.faithfulness[row, 0]))
        for row in range(len(said))
        if said.is_said[row]
    ]
