"""The catalog: what was learnt of every unit, in one file or in a team's database."""

import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from milan.catalog import (
    descriptions,
    evaluations,
    free_texts,
    health,
    listing,
    meanings,
    networks,
    opinions,
    previews,
    search,
    studies,
    units,
    words,
)
from milan.catalog.backends import Storage, copy_rows, open_storage
from milan.catalog.exemplars import rebuild_layer, shown_set, store_layer
from milan.catalog.layers import KeptLayer, best_phrases, kept_layers
from milan.catalog.levels import UnitLevels, read_levels
from milan.catalog.listing import LayerSummary, UnitList
from milan.catalog.neighbours import Neighbour, holding_the_same
from milan.catalog.opinions import AgreementOfPeople
from milan.catalog.pictures import Seen, policy_for
from milan.catalog.unit import Unit
from milan.catalog.unit_map import UnitMap, read_map
from milan.catalog.wanted import Wanted
from milan.catalog.words import SaidUnits
from milan.errors import CatalogError
from milan.places import CatalogPlace
from milan.records import (
    Description,
    Finding,
    FreeText,
    LayerEvaluation,
    LayerExemplars,
    Opinion,
    PicturePolicy,
    PicturesKept,
    Provenance,
    ShuffledFaithfulness,
    Study,
    UnitId,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Catalog"]

PHRASES_A_STEP = 256
T = TypeVar("T")


class Catalog:
    """Networks, layers, units, their exemplars and descriptions, in an SQLite file or a PostgreSQL schema.

    Every method that writes is one transaction: killed at any moment, the catalog stays readable and holds
    what was finished. Any number of processes may read while others write; of a file, a second writer gets
    CatalogBusy at once, and writers to a database take turns.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[tuple[str, str | None], tuple[tuple[int, ...], Any]] = {}
        self._reading = defaultdict[tuple[str, str | None], threading.Lock](threading.Lock)

    @classmethod
    def open(cls, place: str | Path | CatalogPlace, *, create: bool = False, fresh: bool = False) -> Self:
        """Open a catalog, an older one being brought up to date; `place`: a file, or a database's address.

        `create` makes a missing one; `fresh` makes it anew, forgetting what it held (another kind of file is
        never touched). Raises DataError when missing, NotACatalog, NewerCatalog, CatalogBusy.
        """
        storage = open_storage(CatalogPlace.parse(place))
        try:
            unmade = storage.is_unmade()
            if not unmade:
                storage.check()
            if fresh and not unmade:
                storage.remove()
            if fresh or (create and unmade):
                storage.make()
            storage.check()
        except BaseException:
            storage.close()
            raise
        return cls(storage)

    @classmethod
    def check(cls, place: str | Path | CatalogPlace) -> None:
        """Raise what opening for writing would raise, and make nothing: cheap, before long work begins."""
        storage = open_storage(CatalogPlace.parse(place))
        try:
            if not storage.is_unmade():
                storage.check()
            storage.lock()
        finally:
            storage.close()

    @property
    def place(self) -> CatalogPlace:
        """Where it is."""
        return self._storage.place

    def close(self) -> None:
        """Let others write."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_network(self, name: str, provenance: Provenance, order_of_layers: Sequence[str]) -> None:
        """Add a network and all its layers in their order; adding it again changes nothing but the order.

        Raises CatalogError when the name belongs to other weights, UsageError for names with a slash.
        """
        with self._storage.writing() as connection:
            networks.add_network(connection, name, provenance, order_of_layers)

    def store_layer(
        self,
        network: str,
        exemplars: LayerExemplars,
        provenance: Provenance,
        seen: Mapping[str, Seen],
        kept: PicturesKept | None = PicturesKept(),  # noqa: B008 - it is frozen
    ) -> None:
        """Store a layer's exemplars; they are the ones shown from now on.

        `seen` maps image paths to encoded pictures of their views, or to references, and passages to their
        words; each is kept once. `kept` says how much is kept of images, and is None for a text. Exemplars
        of the same provenance key are not stored again, only shown again. Raises UnknownName
        for a layer that `add_network` was not told of, CatalogError when images were kept otherwise before.
        """
        with self._storage.writing() as connection:
            store_layer(connection, network, exemplars, provenance, seen, kept)

    def policy_for(self, asked: PicturePolicy | None) -> PicturePolicy:
        """How images are kept here: as asked, or as it is done already; CatalogError where they disagree."""
        with self._storage.reading() as connection:
            return policy_for(connection, asked)

    def copy(self, to: str | Path | CatalogPlace) -> int:
        """Write all that the catalog holds to another place, made when missing; how many rows it takes.

        Every number stays as it is, so that exports of both are equal byte by byte. Raises CatalogError where
        anything is at the other place, and whatever `open` does.
        """
        with Catalog.open(to, create=True) as target:
            if target.layers() or target.opinions(limit=1):
                raise CatalogError(f"{target.place}: holds a catalog already; copy to a place that has none.")
            return copy_rows(self._storage, target._storage)

    def n_bytes(self) -> int:
        """Room that it takes on disk."""
        return self._storage.n_bytes()

    def troubles(self) -> list[health.Trouble]:
        """What is wrong with the catalog; reads all of it."""
        with self._storage.reading() as connection:
            return health.find_troubles(connection)

    def mend(self, backup: Path) -> None:
        """Mend what can be without losing anything that is shown; `backup` gets the file as it was."""
        self._storage.lock()
        self._storage.copy(backup)
        with self._storage.writing() as connection:
            health.mend(connection)

    def forget_previews(self, network: str) -> None:
        """Remove exemplars and words of a network's runs that did not end (`Provenance.is_preview`)."""
        with self._storage.reading() as connection:
            if not previews.previews(connection, network):
                return
        with self._storage.writing() as connection:
            previews.forget_previews(connection, network)

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

    def start_description(
        self,
        network: str,
        layer: str,
        settings: dict[str, Any],
        versions: dict[str, str],
        *,
        downward: bool = False,
    ) -> int:
        """Begin to describe a layer's newest exemplars, or go on; the number of the version.

        Settings that differ make another version; `versions` of packages are noted and make no difference.
        With `downward` the version is of the layer's lowest activations; CatalogError where none were kept.
        """
        with self._storage.writing() as connection:
            return descriptions.start_version(
                connection, network, layer, settings, versions, downward=downward
            )

    def store_descriptions(
        self, version: int, found: Sequence[Description], seen: Mapping[str, Seen] | None = None
    ) -> None:
        """Store the words for some units; a unit that has words in this version gets the new ones.

        `seen` are pictures (or words of passages), by path, of what no unit need hold, such as
        counter-exemplars; the ones that the catalog has are kept. Raises CatalogError for images that the
        layer was not shown.
        """
        with self._storage.writing() as connection:
            descriptions.store_descriptions(connection, version, found, seen or {})

    def store_shuffled(self, version: int, shuffled: ShuffledFaithfulness | None) -> None:
        """Keep how faithful a version's phrases are to units that they were not made for."""
        with self._storage.writing() as connection:
            descriptions.store_shuffled(connection, version, shuffled)

    def described(self, version: int) -> set[int]:
        """Indices of units that have words in this version."""
        with self._storage.reading() as connection:
            return descriptions.described_units(connection, version)

    def finish_description(self, version: int) -> None:
        """Show this version from now on. Until one is finished, the newest begun is shown."""
        with self._storage.writing() as connection:
            descriptions.finish_version(connection, version)

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

    def store_evaluation(self, version: int, evaluation: LayerEvaluation) -> None:
        """Keep how good a version's descriptions are; storing other words forgets it."""
        with self._storage.writing() as connection:
            evaluations.store_evaluation(connection, version, evaluation)

    def evaluation(self, version: int) -> LayerEvaluation | None:
        """How good a version's descriptions are, or None when nobody asked since they were stored."""
        with self._storage.reading() as connection:
            return evaluations.read_evaluation(connection, version)

    def store_free_text(self, network: str, layer: str, written: FreeText, *, downward: bool = False) -> None:
        """Keep what a language model writes of one unit, instead of what one wrote before.

        CatalogError for a unit, or an end of its range, that the layer's newest exemplars have not.
        """
        with self._storage.writing() as connection:
            free_texts.store_free_text(connection, network, layer, written, downward=downward)

    def free_texts(self, network: str, layer: str, *, downward: bool = False) -> dict[int, FreeText]:
        """What language models wrote of a layer's units, by index."""
        with self._storage.reading() as connection:
            return free_texts.layer_free_texts(connection, network, layer, downward=downward)

    def units(self, network: str | None = None, layer: str | None = None) -> Iterator[Unit]:
        """Units by network name, layer order and index; a page at a time, all from one view."""
        return units.read_units(self._storage.reading, network, layer)

    def unit(self, unit: UnitId) -> Unit:
        """One unit; UnknownName says the nearest."""
        return units.read_unit(self._storage.reading, unit)

    def neighbours(self, unit: UnitId, limit: int = 8) -> list[Neighbour]:
        """Units of the network that hold the same images, or passages, those that share most first."""
        with self._storage.reading() as connection:
            return holding_the_same(connection, unit, limit)

    def unit_map(self, encoder: str = meanings.ENCODER) -> UnitMap:
        """Where all described units lie, as far as their phrases have vectors; read anew when they change."""

        def read() -> UnitMap:
            with self._storage.reading() as connection:
                return read_map(connection, encoder)

        return self._remembered(("map", encoder), read)

    def alike(self, phrase: str, limit: int = 8, encoder: str = meanings.ENCODER) -> list[search.Hit]:
        """Described units whose words mean what a kept phrase means, closest first.

        From what the last search by meaning read, or `prepare_meanings`; nothing before.
        """
        known = self._known.get(("meanings", encoder))
        if known is None:
            return []
        with self._storage.reading() as connection:
            vector = meanings.read_vector(connection, encoder, phrase)
            return [] if vector is None else search.by_meaning(connection, vector, known[1], limit, "match")

    def to_pandas(self, network: str | None = None, layer: str | None = None) -> "pd.DataFrame":
        """Units as a pandas table, a row a unit, with the columns of the CSV export, typed.

        `candidates` and `images` are lists. UnknownName for unknown names, MilanError without pandas (the
        extra `notebook`).
        """
        from milan.catalog.frame import as_frame

        return as_frame(self.units(network, layer))

    def _repr_html_(self) -> str:
        """What a notebook shows: the layers, and how much of each is described."""
        from milan.catalog.notebook import catalog_html

        return catalog_html(self)

    def add_opinion(self, opinion: Opinion) -> None:
        """Keep a person's words or vote, and let others write again; UnknownName for an unknown unit."""
        self.unit(opinion.unit)
        with self._storage.briefly():
            before = self._storage.stamp()
            with self._storage.writing() as connection:
                opinions.store_opinion(connection, opinion)
            after = self._storage.stamp()
            if self._storage.is_next(
                before, after
            ):  # what is remembered are counts, which no opinion changes
                for what, (stamp, known) in list(self._known.items()):
                    if stamp == before:
                        self._known[what] = (after, known)

    def opinions(self, unit: UnitId | None = None, limit: int | None = None) -> list[Opinion]:
        """What people say of one unit or of all, newest first."""
        with self._storage.reading() as connection:
            return opinions.read_opinions(connection, unit, limit)

    def agreement_of_people(self) -> AgreementOfPeople:
        """How far people who voted agree with the machine's words, and with one another."""
        with self._storage.reading() as connection:
            return opinions.agreement_of_people(connection)

    def store_study(
        self, network: str, study: Study, layers: Sequence[str], findings: Iterable[tuple[UnitId, Finding]]
    ) -> int:
        """Keep what a study found of units of these layers; an earlier one of its kind and subject goes.

        How many figures are kept: of a unit the most telling ones come first, and what is not finite is left
        out. UnknownName for a layer that `add_network` was not told of.
        """
        with self._storage.writing() as connection:
            return studies.store_study(connection, network, study, layers, findings)

    def index_meanings(self, embed: meanings.Embed, encoder: str = meanings.ENCODER) -> int:
        """Keep a vector for every best phrase, said or held back, that has none of this encoder; how many.

        `search` does it when asked for meanings; doing it after describing makes the first search quick.
        """
        with self._storage.reading() as connection:
            missing = meanings.phrases_without_vectors(connection, encoder)
        for start in range(0, len(missing), PHRASES_A_STEP):
            phrases = missing[start : start + PHRASES_A_STEP]
            vectors = np.asarray(embed(phrases), np.float32)
            with self._storage.briefly(), self._storage.writing() as connection:
                meanings.store_vectors(connection, encoder, phrases, vectors)
        return len(missing)

    def n_without_meaning(self, encoder: str = meanings.ENCODER) -> int:
        """How many phrases `index_meanings` would read."""
        with self._storage.reading() as connection:
            return len(meanings.phrases_without_vectors(connection, encoder))

    def prepare_meanings(self, embed: meanings.Embed, encoder: str = meanings.ENCODER) -> None:
        """Make ready what the first `search` by meaning would: vectors of new phrases, and all in memory."""
        self._meanings_of(embed, encoder)

    def _meanings_of(self, embed: meanings.Embed, encoder: str) -> meanings.Meanings:
        def read() -> meanings.Meanings:
            # Another process may be writing, or the folder be read-only.
            with contextlib.suppress(CatalogError):
                self.index_meanings(embed, encoder)
            with self._storage.reading() as connection:
                return meanings.read_meanings(connection, encoder)

        return self._remembered(("meanings", encoder), read)

    def _remembered(self, what: tuple[str, str | None], read: Callable[[], T]) -> T:
        """What was read before, or, when the file has changed, is read now."""
        with self._reading[what]:  # what takes long to read is read once, however many ask
            stamp = self._storage.stamp()
            known = self._known.get(what)
            if known is None or known[0] != stamp:
                known = self._known[what] = (stamp, read())
        found: T = known[1]
        return found

    def search(
        self,
        query: str,
        limit: int = 20,
        embed: meanings.Embed | None = None,
        encoder: str = meanings.ENCODER,
        sort: search.Order = "match",
    ) -> list[search.Hit]:
        """Units whose descriptions hold all the words; then, given `embed`, those close in meaning.

        What is far from every description finds nothing (`milan.catalog.search.CLOSE`). Sorted by
        faithfulness, each kind of hit comes most faithful first; of meanings, the `limit` closest do.
        Without `embed`, when nothing holds all the words, units that hold any of them.
        Any text is a fair query. `encoder` names what `embed` is: vectors are kept under that name. In a
        catalog that cannot be written just now, phrases that have no vector yet are left out.
        """
        with self._storage.reading() as connection:
            hits = search.by_words(connection, query, limit, sort)
            if embed is None and not hits:
                return search.by_any_word(connection, query, limit, sort)
        if embed is None or len(hits) >= limit or not query.strip():
            return hits
        index = self._meanings_of(embed, encoder)
        with self._storage.reading() as connection:
            near = search.by_meaning(connection, np.asarray(embed([query]))[0], index, limit, sort)
        found = {hit.unit for hit in hits}
        return (hits + [hit for hit in near if hit.unit not in found])[:limit]
