"""Writing to a catalog: each method is one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from milan.catalog import descriptions, evaluations, free_texts, networks, opinions, previews, studies
from milan.catalog.exemplars import store_layer
from milan.catalog.pictures import Seen
from milan.catalog.store.reading import Reading
from milan.records import (
    Description,
    Finding,
    FreeText,
    LayerEvaluation,
    LayerExemplars,
    Opinion,
    PicturesKept,
    Provenance,
    ShuffledFaithfulness,
    Study,
    UnitId,
)

__all__ = ["Writing"]


class Writing(Reading):
    """Everything that is stored; what a call stores is there whole or not at all."""

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

    def finish_description(self, version: int) -> None:
        """Show this version from now on. Until one is finished, the newest begun is shown."""
        with self._storage.writing() as connection:
            descriptions.finish_version(connection, version)

    def store_evaluation(self, version: int, evaluation: LayerEvaluation) -> None:
        """Keep how good a version's descriptions are; storing other words forgets it."""
        with self._storage.writing() as connection:
            evaluations.store_evaluation(connection, version, evaluation)

    def store_free_text(self, network: str, layer: str, written: FreeText, *, downward: bool = False) -> None:
        """Keep what a language model writes of one unit, instead of what one wrote before.

        CatalogError for a unit, or an end of its range, that the layer's newest exemplars have not.
        """
        with self._storage.writing() as connection:
            free_texts.store_free_text(connection, network, layer, written, downward=downward)

    def store_study(
        self, network: str, study: Study, layers: Sequence[str], findings: Iterable[tuple[UnitId, Finding]]
    ) -> int:
        """Keep what a study found of units of these layers; an earlier one of its kind and subject goes.

        How many figures are kept: of a unit the most telling ones come first, and what is not finite is left
        out. UnknownName for a layer that `add_network` was not told of.
        """
        with self._storage.writing() as connection:
            return studies.store_study(connection, network, study, layers, findings)

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

    def forget_previews(self, network: str) -> None:
        """Remove exemplars and words of a network's runs that did not end (`Provenance.is_preview`)."""
        with self._storage.reading() as connection:
            if not previews.previews(connection, network):
                return
        with self._storage.writing() as connection:
            previews.forget_previews(connection, network)
