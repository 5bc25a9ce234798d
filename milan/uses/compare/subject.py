"""One side of a comparison: a network that a catalog holds."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from milan.catalog import Catalog, KeptLayer, SaidUnits
from milan.catalog.meanings import Embed
from milan.errors import CatalogError, UnknownName, UsageError
from milan.uses.compare.evidence import Evidence

__all__ = ["Address", "Subject"]


class Address(NamedTuple):
    """Where a network is described."""

    catalog: str
    network: str | None
    """None: the only one that the catalog holds."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `CATALOG` or `CATALOG:NETWORK`; a file of that very name is a catalog.

        >>> Address.parse("units.db:resnet18")
        Address(catalog='units.db', network='resnet18')
        """
        found = re.fullmatch(r"(.+):([^/\\:]+)", text)
        if found is None or Path(text).exists():
            return cls(text, None)
        return cls(found[1], found[2])


@dataclass(frozen=True, eq=False)
class Subject:
    """A network with its layers and words, ready to be compared. Its catalog stays open meanwhile."""

    catalog: Catalog
    network: str
    layers: tuple[KeptLayer, ...]
    """In the network's order."""
    said: SaidUnits

    @classmethod
    def of(
        cls, catalog: Catalog, network: str | None, layers: Sequence[str] = (), embed: Embed | None = None
    ) -> "Subject":
        """Find a network in a catalog, with some of its layers or all.

        With `embed`, every phrase gets a vector, kept in the catalog where it can be written. UsageError
        where no network is named and there are several, UnknownName for unknown ones, CatalogError for none.
        """
        name = _only_network(catalog) if network is None else network
        kept = catalog.layers(name)
        known = [layer.name for layer in kept]
        for asked in layers:
            if asked not in known:
                raise UnknownName("layer", asked, known, f"{name} has: {', '.join(known)}.")
        if not kept:
            raise CatalogError(f"{catalog.place}: holds no exemplars of {name} yet: milan describe")
        if embed is not None:
            with contextlib.suppress(CatalogError):  # another process writes, or the folder is read-only
                catalog.index_meanings(embed)
        wanted = tuple(layer for layer in kept if not layers or layer.name in layers)
        return cls(catalog, name, wanted, catalog.said(name))

    @property
    def label(self) -> str:
        """What tells it from another in a table: the file and the network."""
        return f"{self.catalog.place.name}:{self.network}"

    def layer(self, name: str) -> KeptLayer:
        """One of its layers, by name."""
        return next(layer for layer in self.layers if layer.name == name)

    def evidence(self, layer: str, *, by_place: bool) -> Evidence:
        """What is known of the units of a layer that can be compared."""
        exemplars = self.catalog.layer_exemplars(self.network, layer)
        return Evidence.of(self.catalog.units(self.network, layer), exemplars, by_place=by_place)


def _only_network(catalog: Catalog) -> str:
    names = list(dict.fromkeys(layer.network for layer in catalog.layers()))
    if not names:
        raise CatalogError(f"{catalog.place}: holds no units yet: milan describe")
    if len(names) > 1:
        raise UsageError(
            f"{catalog.place} holds {', '.join(names)}: say which, such as {catalog.place}:{names[0]}"
        )
    return names[0]
