"""Reading a catalog: its layers, units, words and figures."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from milan.catalog import (
    descriptions,
    evaluations,
    free_texts,
    listing,
    meanings,
    networks,
    opinions,
    units,
    words,
)
from milan.catalog.exemplars import rebuild_layer, shown_set
from milan.catalog.layers import KeptLayer, best_phrases, kept_layers
from milan.catalog.levels import UnitLevels, read_levels
from milan.catalog.listing import LayerSummary, UnitList
from milan.catalog.neighbours import Neighbour, holding_the_same
from milan.catalog.opinions import AgreementOfPeople
from milan.catalog.pictures import policy_for
from milan.catalog.store.storing import Storing
from milan.catalog.unit import Unit
from milan.catalog.wanted import Wanted
from milan.catalog.words import SaidUnits
from milan.records import (
    FreeText,
    LayerEvaluation,
    LayerExemplars,
    Opinion,
    PicturePolicy,
    UnitId,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reading"]


class Reading(Storing):
    """Everything that is read without asking for words; each call is one view of the catalog."""

    def has_layer(self, network: str, layer: str, key: str) -> bool:
        """Whether the exemplars shown of a layer have this provenance key; False for unknown names."""
        with self._storage.reading() as connection:
            found = networks.find_layer(connection, network, layer)
            shown = None if found is None else shown_set(connection, found)
            return shown is not None and shown.key == key

    def knows_layer(self, network: str, layer: str) -> bool:
        """Whether any exemplars of a layer are stored."""
        with self._storage.reading() as connection:
            found = networks.find_layer(connection, network, layer)
            return found is not None and shown_set(connection, found) is not None

    def layer_exemplars(self, network: str, layer: str) -> LayerExemplars:
        """The layer's exemplars as stored, so that describing needs no states.

        Sampled activations are kept to 5e-4 of their value (`milan.catalog.packing`), all else exactly.

        Raises UnknownName for unknown names, CatalogError when nothing is stored yet.
        """
        with self._storage.reading() as connection:
            return rebuild_layer(connection, network, layer)

    def described(self, version: int) -> set[int]:
        """Indices of units that have words in this version."""
        with self._storage.reading() as connection:
            return descriptions.described_units(connection, version)

    def layers(self, network: str | None = None, layer: str | None = None) -> list[KeptLayer]:
        """Layers that the catalog has exemplars of, by network name and position; UnknownName for others."""
        with self._storage.reading() as connection:
            return kept_layers(connection, network, layer)

    def summaries(self, network: str | None = None) -> list[LayerSummary]:
        """How much of each layer is described and how faithfully, by network name and position."""

        def read() -> list[LayerSummary]:
            with self._storage.reading() as connection:
                return listing.summarise_layers(connection, network)

        return self._remembered(("summaries", network), read)

    def listed(self, network: str, layer: str, wanted: Wanted) -> UnitList:
        """A page of a layer's units, with how many there are of each kind; UnknownName for others."""
        with self._storage.reading() as connection:
            return listing.list_units(connection, network, layer, wanted)

    def best_phrases(self, version: int) -> dict[int, str]:
        """The best candidate of each unit that a version has words for, said or held back, by unit index."""
        with self._storage.reading() as connection:
            return best_phrases(connection, version)

    def said(
        self, network: str | None = None, layer: str | None = None, encoder: str = meanings.ENCODER
    ) -> SaidUnits:
        """What all units are said to respond to, as columns, without exemplars: quick for 100,000 units.

        Where a phrase has a vector of `encoder` (`index_meanings`), it comes along. UnknownName for a network
        or a layer that the catalog does not hold.
        """
        with self._storage.reading() as connection:
            return words.read_said(connection, network, layer, encoder)

    def levels(self, network: str) -> UnitLevels:
        """What is said of a network's units, with their thresholds and strongest exemplars, as columns.

        Read once until the file changes. UnknownName for a network that the catalog does not hold.
        """

        def read() -> UnitLevels:
            with self._storage.reading() as connection:
                return read_levels(connection, network, meanings.ENCODER)

        return self._remembered(("levels", network), read)

    def evaluation(self, version: int) -> LayerEvaluation | None:
        """How good a version's descriptions are, or None when nobody asked since they were stored."""
        with self._storage.reading() as connection:
            return evaluations.read_evaluation(connection, version)

    def free_texts(self, network: str, layer: str, *, downward: bool = False) -> dict[int, FreeText]:
        """What language models wrote of a layer's units, by index."""
        with self._storage.reading() as connection:
            return free_texts.layer_free_texts(connection, network, layer, downward=downward)

    def units(self, network: str | None = None, layer: str | None = None) -> Iterator[Unit]:
        """Units by network name, layer order and index; a page at a time, all from one view."""
        return units.read_units(self._storage.reading, network, layer)

    def unit(self, unit: UnitId | str) -> Unit:
        """One unit, by address or as it is written (`resnet18/layer3/41`); UnknownName says the nearest."""
        address = UnitId.parse(unit) if isinstance(unit, str) else unit
        return units.read_unit(self._storage.reading, address)

    def neighbours(self, unit: UnitId, limit: int = 8) -> list[Neighbour]:
        """Units of the network that hold the same images, or passages, those that share most first."""
        with self._storage.reading() as connection:
            return holding_the_same(connection, unit, limit)

    def opinions(self, unit: UnitId | None = None, limit: int | None = None) -> list[Opinion]:
        """What people say of one unit or of all, newest first."""
        with self._storage.reading() as connection:
            return opinions.read_opinions(connection, unit, limit)

    def agreement_of_people(self) -> AgreementOfPeople:
        """How far people who voted agree with the machine's words, and with one another."""
        with self._storage.reading() as connection:
            return opinions.agreement_of_people(connection)

    def policy_for(self, asked: PicturePolicy | None) -> PicturePolicy:
        """How images are kept here: as asked, or as it is done already; CatalogError where they disagree."""
        with self._storage.reading() as connection:
            return policy_for(connection, asked)

    def to_pandas(self, network: str | None = None, layer: str | None = None) -> "pd.DataFrame":
        """Units as a pandas table, a row a unit, with the columns of the CSV export, typed.

        `candidates` and `images` are lists. UnknownName for unknown names, MilanError without pandas (the
        extra `notebook`).
        """
        from milan.catalog.frame import as_frame

        return as_frame(self.units(network, layer))
